#!/usr/bin/env bash
# As Kafka's tool of this name: random-uuid, format, info.
self=${BASH_SOURCE[0]}
while [ -L "$self" ]; do
  link=$(readlink "$self")
  case $link in /*) self=$link ;; *) self=${self%/*}/$link ;; esac
done
exec "${self%/*}/../akkastream" storage "$@"
