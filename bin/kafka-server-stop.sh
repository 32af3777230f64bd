#!/usr/bin/env bash
# As Kafka's tool of this name: asks every broker of this user on this machine to stop (or the one of --node-id=N), and
# does not wait for it.
node=
for word in "$@"; do
  case $word in
    --node-id=*) node=${word#*=} ;;
    --process-role=*) ;; # every node is a broker here
    *)
      echo "usage: $0 [--node-id=N]" >&2
      exit 1
      ;;
  esac
done

found=
for folder in /proc/[0-9]*; do
  [ -O "$folder" ] && [ -r "$folder/cmdline" ] || continue
  words=()
  while IFS= read -r -d '' word; do words+=("$word"); done <"$folder/cmdline" 2>/dev/null
  case ${words[0]:-} in */akkastream | akkastream) ;; *) continue ;; esac
  [ "${words[1]:-}" = server ] || continue
  if [ -n "$node" ]; then
    mine=
    for word in "${words[@]}"; do
      case $word in node.id="$node" | broker.id="$node") mine=yes ;; esac
      [ -f "$word" ] && grep -qE "^[[:space:]]*(akkastream\.)?(node|broker)\.id[[:space:]]*[=:][[:space:]]*$node[[:space:]]*$" "$word" && mine=yes
    done
    [ -n "$mine" ] || continue
  fi
  kill -s TERM "${folder#/proc/}" && found=yes
done
if [ -z "$found" ]; then
  echo "No kafka server to stop" >&2
  exit 1
fi
