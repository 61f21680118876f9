#pragma once

#include "verb.hpp"

/// The verbs of `CacheStore`. Each checks its arguments and asks the store at once; only what has
/// no answer then becomes a call.
namespace semantrix::python {

extern const Verb add_verb;
extern const Verb get_exact_verb;
extern const Verb delete_verb;
extern const Verb batch_add_verb;
extern const Verb batch_get_verb;
extern const Verb batch_delete_verb;
extern const Verb size_verb;
extern const Verb clear_verb;
extern const Verb invalidate_tag_verb;
extern const Verb invalidate_prefix_verb;
extern const Verb get_entry_verb;
extern const Verb get_stats_verb;
extern const Verb describe_verb;
extern const Verb close_verb;
extern const Verb next_page_verb;  // of a `CursorHandle`

}  // namespace semantrix::python
