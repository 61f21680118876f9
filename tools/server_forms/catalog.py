"""Every form by its name: what it is, and what makes it for a run."""
import functools

from . import dynamodb, memcached, redis, redis_cluster

FORMS = {
    "redis": ("one Redis server, open to all", redis.plain),
    "redis_password": ("a password for everybody: PASSWORD", redis.password),
    "redis_acl": ("USER, PASSWORD: a user of a cache's own commands and of keys semantrix:* alone; "
                  "ADMIN_USER, ADMIN_PASSWORD: one who may do everything", redis.acl),
    "redis_tls": ("TLS alone; its authority's certificate: CA", redis.tls),
    "redis_tls_other_name": ("TLS with a certificate for another name",
                             functools.partial(redis.tls, certificate="other_name")),
    "redis_tls_expired": ("TLS with a certificate that has expired",
                          functools.partial(redis.tls, certificate="expired")),
    "redis_tls_unknown_ca": ("TLS with a certificate that CA did not sign",
                             functools.partial(redis.tls, certificate="unknown_ca")),
    "redis_mtls": ("TLS that asks for the client's certificate: CERTIFICATE, KEY, CA",
                   redis.mutual_tls),
    "redis_cluster": ("six nodes, three of them replicas, with TLS (CA) and PASSWORD",
                      redis_cluster.secured),
    "redis_cluster_plain": ("six nodes, three of them replicas", redis_cluster.plain),
    "memcached": ("one Memcached server", memcached.plain),
    "memcached_tls": ("one Memcached server, TLS alone: CA", memcached.tls),
    "memcached_password": ("a user and password for everybody: USER, PASSWORD",
                           memcached.password),
    "memcached_three": ("three Memcached servers", memcached.three),
    "dynamodb_local": ("Amazon's DynamoDB Local", dynamodb.local),
    "dynalite": ("dynalite, another stand-in for DynamoDB", dynamodb.dynalite),
}
