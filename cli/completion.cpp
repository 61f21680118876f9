#include "cli/completion.hpp"

#include "cli/commands.hpp"
#include <semantrix/error.hpp>
#include <semantrix/open.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

namespace semantrix::cli {
namespace {

/// What of an option a shell wants to know.
struct Switch {
  std::string long_name;   // without dashes
  std::string short_name;  // one letter; empty: none
  std::string summary;
  bool takes_value;
};

std::vector<Switch> switches_of(const CLI::App& app) {
  std::vector<Switch> switches;
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_lnames().empty()) continue;  // a positional
    const auto& shorts = option->get_snames();
    switches.push_back({option->get_lnames().front(), shorts.empty() ? "" : shorts.front(),
                        option->get_description(), option->get_expected_max() > 0});
  }
  return switches;
}

std::vector<const CLI::App*> commands_of(const CLI::App& app) { return app.get_subcommands({}); }

/// What may stand after a command, beyond options.
std::vector<std::string> words_after(const std::string& command) {
  if (command == "completion") return {"bash", "zsh", "fish"};
  return {};
}

bool takes_file(const std::string& command) {
  constexpr std::array with_file{"load", "dump", "replay"};
  return std::ranges::find(with_file, command) != with_file.end();
}

std::string schemes() {
  std::string text;
  for (const StoreKind& kind : store_kinds()) {
    text += fmt::format("{}{}://", text.empty() ? "" : " ", kind.scheme);
  }
  return text;
}

/// In single quotes for every one of the three shells.
std::string single_quoted(std::string_view text) {
  std::string safe = "'";
  for (const char c : text) {
    if (c == '\'') {
      safe += "'\\''";
    } else {
      safe += c;
    }
  }
  return safe + "'";
}

/// In a zsh specification, brackets and colons mean something.
std::string zsh_text(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') safe += '\\';
    safe += c;
  }
  return safe;
}

std::string zsh_arguments(const CLI::App& command) {
  std::string text;
  for (const Switch& one : switches_of(command)) {
    const std::string action = !one.takes_value           ? ""
                               : one.long_name == "store" ? ":URL:_semantrix_stores"
                                                          : ":value:";
    const std::string spec =
        fmt::format("--{}[{}]{}", one.long_name, zsh_text(one.summary), action);
    text += fmt::format(" \\\n      {}", single_quoted(spec));
  }
  return text;
}

std::string zsh_positionals(const std::string& command) {
  if (takes_file(command)) return " \\\n      '*:file:_files'";
  const auto words = words_after(command);
  if (words.empty()) return "";
  return fmt::format(" \\\n      '1:shell:({})'", fmt::join(words, " "));
}

std::string fish_switch(const std::string& condition, const Switch& one) {
  return fmt::format("complete -c semantrix {} -l {}{}{} -d {}\n", condition, one.long_name,
                     one.short_name.empty() ? "" : " -s " + one.short_name,
                     one.takes_value ? " -x" : "", single_quoted(one.summary));
}

struct Arguments {
  std::string shell;
};

}  // namespace

std::string bash_completion(const CLI::App& app) {
  const auto dashed = [](const CLI::App& level) {
    std::string words;
    for (const Switch& one : switches_of(level)) words += fmt::format(" --{}", one.long_name);
    return words;
  };
  std::string names;
  std::string cases;
  for (const CLI::App* command : commands_of(app)) {
    const std::string name = command->get_name();
    names += fmt::format("{}{}", names.empty() ? "" : "|", name);
    cases += fmt::format("    {}) words='{} {}' files={} ;;\n", name, dashed(*command),
                         fmt::join(words_after(name), " "), takes_file(name) ? 1 : 0);
  }
  std::string spaced = names;
  std::ranges::replace(spaced, '|', ' ');
  return fmt::format(R"(# bash completion of semantrix. To install, in ~/.bashrc:
#   source <(semantrix completion bash)
_semantrix() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}}
  local command='' word words='{1}' files=0
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    case $word in {0}) command=$word; break ;; esac
  done
  case $command in
    '') words='{1}' ;;
{2}  esac
  if [[ $previous == --store ]]; then
    COMPREPLY=($(compgen -W '{3}' -- "$current"))
    compopt -o nospace 2>/dev/null
    return
  fi
  COMPREPLY=($(compgen -W "$words {4}" -- "$current"))
  if ((files)) && [[ $current != -* ]]; then
    compopt -o filenames 2>/dev/null
    COMPREPLY+=($(compgen -f -- "$current"))
  fi
}}
complete -F _semantrix semantrix
)",
                     names, spaced, cases, schemes(), dashed(app));
}

std::string zsh_completion(const CLI::App& app) {
  std::string names;
  std::string cases;
  for (const CLI::App* command : commands_of(app)) {
    const std::string name = command->get_name();
    names += fmt::format("    {}\n",
                         single_quoted(fmt::format("{}:{}", name, command->get_description())));
    cases += fmt::format("    {}) _arguments $global{}{} ;;\n", name, zsh_arguments(*command),
                         zsh_positionals(name));
  }
  return fmt::format(R"(#compdef semantrix
# zsh completion of semantrix. To install, into a folder of $fpath:
#   semantrix completion zsh > ~/.zfunc/_semantrix
_semantrix_stores() {{
  compadd -S '' -- {3}
}}
_semantrix() {{
  local -a commands global
  local line state
  commands=(
{0}  )
  global=({1}
  )
  _arguments -C $global '1:command:->command' '*::: :->argument'
  if [[ $state == command ]]; then
    _describe command commands
    return
  fi
  words=($line[1] "${{words[@]}}")
  ((CURRENT += 1))
  case $line[1] in
{2}  esac
}}
if [[ $funcstack[1] == _semantrix ]]; then
  _semantrix "$@"
else
  compdef _semantrix semantrix
fi
)",
                     names, zsh_arguments(app), cases, schemes());
}

std::string fish_completion(const CLI::App& app) {
  std::string text =
      "# fish completion of semantrix. To install:\n"
      "#   semantrix completion fish > ~/.config/fish/completions/semantrix.fish\n"
      "complete -c semantrix -f\n";
  for (const Switch& one : switches_of(app)) text += fish_switch("", one);
  text += fmt::format("complete -c semantrix -l store -x -a {}\n", single_quoted(schemes()));
  for (const CLI::App* command : commands_of(app)) {
    const std::string name = command->get_name();
    text += fmt::format("complete -c semantrix -n __fish_use_subcommand -a {} -d {}\n", name,
                        single_quoted(command->get_description()));
    const std::string seen = fmt::format("-n '__fish_seen_subcommand_from {}'", name);
    for (const Switch& one : switches_of(*command)) text += fish_switch(seen, one);
    if (takes_file(name)) text += fmt::format("complete -c semantrix {} -F\n", seen);
    for (const std::string& word : words_after(name)) {
      text += fmt::format("complete -c semantrix {} -a {}\n", seen, word);
    }
  }
  return text;
}

void declare_completion(CLI::App& app, Context& context) {
  CLI::App& command = *app.add_subcommand("completion", "Print the completion script of a shell");
  auto arguments = std::make_shared<Arguments>();
  command.add_option("SHELL", arguments->shell, "bash, zsh or fish")->required();
  on_chosen(command, context, arguments, [&app](Context& ours, const Arguments& given) {
    if (given.shell == "bash") {
      ours.out.write(bash_completion(app));
    } else if (given.shell == "zsh") {
      ours.out.write(zsh_completion(app));
    } else if (given.shell == "fish") {
      ours.out.write(fish_completion(app));
    } else {
      throw CacheError(Error(ErrorCode::invalid_argument,
                             fmt::format("there is no completion for '{}'", given.shell),
                             "name bash, zsh or fish"));
    }
  });
}

}  // namespace semantrix::cli
