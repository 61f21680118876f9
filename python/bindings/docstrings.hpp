#pragma once

/// What `help()` shows of the verbs. The first line is the signature, as CPython reads it; the same
/// texts stand for the blocking twin, where nothing is awaited.
namespace semantrix::python::docstrings {

inline constexpr const char* get_exact =
    "get_exact($self, /, key)\n--\n\n"
    "The value, or None if the key has none or it expired.\n\n"
    "One round trip over a network; in memory about as long as a dict takes.";

inline constexpr const char* add =
    "add($self, /, key, value, ttl=None, *, tags=None)\n--\n\n"
    "Stores a str or bytes, replacing what the key had.\n\n"
    "ttl: seconds (int, float) or a timedelta, above zero; None: the store's default_ttl.\n"
    "tags: for invalidate_tag, where the store has tags (capability.can_tag).\n"
    "Errors: TooLargeError (an older value of the key is removed), InvalidArgumentError.";

inline constexpr const char* erase =
    "delete($self, /, key)\n--\n\n"
    "Removes the entry; whether there was one.";

inline constexpr const char* batch_add =
    "batch_add($self, /, items, ttl=None, *, tags=None)\n--\n\n"
    "Stores a mapping, or a list of (key, value) or (key, value, ttl).\n\n"
    "Gives a BatchOutcome and does not raise for single items: read its failures, or call its\n"
    "raise_for_failures(). An item's own ttl goes before the batch's.";

inline constexpr const char* batch_get =
    "batch_get($self, /, keys)\n--\n\n"
    "The values in the order of the keys, None where there is none.";

inline constexpr const char* batch_delete =
    "batch_delete($self, /, keys)\n--\n\n"
    "Removes many; how many there were.";

inline constexpr const char* size =
    "size($self, /, *, approximate=False)\n--\n\n"
    "Live entries under the store's key_prefix.\n\n"
    "Over a network this may look at every key; approximate=True takes the cheapest figure.";

inline constexpr const char* clear =
    "clear($self, /, *, all=False)\n--\n\n"
    "Removes every entry under the store's key_prefix, and nothing else; how many.\n\n"
    "Where the store is shared and its key_prefix empty, it asks for all=True.";

inline constexpr const char* invalidate_tag =
    "invalidate_tag($self, /, tag)\n--\n\n"
    "Removes the entries that carry the tag; how many. NotSupportedError without tags.";

inline constexpr const char* invalidate_prefix =
    "invalidate_prefix($self, /, prefix)\n--\n\n"
    "Removes the entries whose key begins with the prefix, which may not be empty; how many.";

inline constexpr const char* get_entry =
    "get_entry($self, /, key)\n--\n\n"
    "An Entry of value, remaining ttl and tags, or None. Counts no hit.";

inline constexpr const char* get_stats =
    "get_stats($self, /)\n--\n\n"
    "What was counted, as a dict: hits, misses, hit_ratio, adds, deletes, evictions, expirations,\n"
    "errors (by code), retries, size, bytes and others.";

inline constexpr const char* describe =
    "describe($self, /)\n--\n\n"
    "Reaches the store: a Description of what it can do and says of itself.";

inline constexpr const char* close =
    "close($self, /)\n--\n\n"
    "Ends the store: what is under way fails with ClosedError, later calls too.\n\n"
    "A store in memory that has a snapshot writes it. A second close waits for the first.";

inline constexpr const char* next_page =
    "next_page($self, /)\n--\n\n"
    "The next keys; an empty list is the end.";

inline constexpr const char* cache_store =
    "A cache store. Its verbs are awaited; `sync` has them without await.\n\n"
    "Keys are str or bytes, the same key either way; values come back as what they were. A miss\n"
    "is None; a failure raises a CacheError. The call begins when it is awaited, and what a store\n"
    "in memory answers never waits for the event loop. Safe to share between threads and event\n"
    "loops; after a fork the child's store connects afresh. Cancelling a task cancels its call; a\n"
    "write that was cancelled may or may not have been done.";

inline constexpr const char* sync_store =
    "The blocking twin of a store: the same verbs, without await.\n\n"
    "Waits without the GIL. Within a coroutine it would hold up the event loop.";

inline constexpr const char* in_memory =
    "A cache in this process's memory.\n\n"
    "max_size: most entries (10000). max_bytes: most bytes (no limit).\n"
    "eviction_policy: 'w_tinylfu' (default), 's3fifo', 'lru', 'lfu', 'fifo', in any case.\n"
    "default_ttl, time_to_idle: seconds or timedelta (none).\n"
    "compress_threshold: bytes from which values are compressed (off).\n"
    "compress_dictionary: bytes of a dictionary trained from the first values (0: none).\n"
    "snapshot: a file that is loaded now and written by close().\n"
    "shards: independently locked parts, a power of two (0: chosen by size).\n\n"
    "Errors: TypeError for an unknown option, ValueError for a bad value; for a snapshot\n"
    "BusyError, IoError, UnsupportedVersionError.";

inline constexpr const char* dynamodb =
    "A cache in an Amazon DynamoDB table.\n\n"
    "table_name: required. region_name: else that of the environment, the profile, the machine.\n"
    "endpoint_url: instead of the region's own. ssl_ca_certs: for an https endpoint.\n"
    "access_key_id, secret_access_key, session_token, profile_name: else what is found in the\n"
    "environment, the profiles, the container or the machine.\n"
    "create_if_missing (True), with read_capacity_units and write_capacity_units (both, or\n"
    "neither: on-demand billing). ttl_attribute ('expires_at'), enable_ttl.\n"
    "consistent_read (False): see every write before, at twice the price. auto_batch (True).\n"
    "key_prefix (''), default_ttl, compress_threshold (what an item cannot hold).\n"
    "connect_timeout (1.0), read_timeout (0.5), deadline (2.0): seconds or timedelta.\n"
    "retry_attempts (2), retry_delay (0.01). max_pool_connections (32). on_error ('raise', "
    "'miss').\n\n"
    "Connects at the first call, which may create the table. Errors: TypeError for an unknown\n"
    "option, ValueError for a bad value; MissingConfigurationError without a region.";

inline constexpr const char* elasticache =
    "A cache in Redis, Valkey, Memcached or Amazon ElastiCache.\n\n"
    "endpoint: 'host', 'host:port' or '[v6]:port', required. use_redis (True); False: Memcached,\n"
    "for which the endpoint may be several with commas between.\n"
    "cluster: 'auto' (default), True, False. read_from: 'primary', 'replica', 'nearest'.\n"
    "reader_endpoint: where replicas of a server that is no cluster are. database (0).\n"
    "ssl (False), ssl_ca_certs, ssl_certificate, ssl_private_key: PEM files. server_name.\n"
    "ssl_verification: 'full' (default) or 'chain_only'. user, password.\n"
    "iam (False): AWS credentials in place of a password, which needs ssl and a user; with it\n"
    "cache_name, serverless, region_name, profile_name where the environment does not tell them.\n"
    "key_prefix ('semantrix:'), default_ttl, compress_threshold.\n"
    "connect_timeout (1.0), read_timeout (0.5), deadline (2.0): seconds or timedelta.\n"
    "retry_attempts (2), retry_delay (0.01). max_pool_connections (4).\n"
    "on_error: 'raise' (default), or 'miss' to go on without a cache while it is out of reach.\n\n"
    "Connects at the first call. Errors: TypeError for an unknown option, ValueError for a bad\n"
    "value.";

inline constexpr const char* google_memorystore =
    "A cache in Google Cloud Memorystore, in an instance that is found by its name.\n\n"
    "project_id, region, instance_id: required. flavor: 'redis' (default), 'redis_cluster',\n"
    "'valkey'. endpoint_url, credentials_file, access_token, quota_project_id, ssl_ca_certs: how\n"
    "Google is asked. connect_to: an address instead of the instance's own. iam. read_from.\n"
    "create_if_missing (False), with memory_size_gb (1), tier ('basic', 'standard_ha'),\n"
    "redis_version, authorized_network. database (0).\n"
    "key_prefix ('semantrix:'), default_ttl, compress_threshold.\n"
    "connect_timeout (1.0), read_timeout (0.5), deadline (2.0): seconds or timedelta.\n"
    "retry_attempts (2), retry_delay (0.01). max_pool_connections (4). on_error ('raise', 'miss').";

inline constexpr const char* list_instances =
    "list_instances(project_id, region, *, endpoint_url=None, credentials_file=None)\n--\n\n"
    "The instances of a project in a region, or in all of them ('-'): a list of\n"
    "MemorystoreInstance, whose attribute unreachable names the regions that did not answer.\n"
    "Connects when it is awaited. Errors: NoCredentialsError, AuthenticationFailedError,\n"
    "PermissionDeniedError, TimeoutError.";

inline constexpr const char* migration =
    "What semantrix.migrate() stands on: one migration, and what it has done so far.";

}  // namespace semantrix::python::docstrings
