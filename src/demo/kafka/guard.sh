#!/bin/sh
# usage: guard.sh OUTPUT-FILE COMMAND [ARGUMENT...]
# Runs the command, prints its process id, and kills it when standard input ends. Standard input is a pipe that only
# the starting process holds, so the command cannot outlive that process, however it ended.
output=$1
shift
exec 3<&0
"$@" </dev/null >>"$output" 2>&1 3<&- &
child=$!
( read -r _ <&3; kill -KILL "$child" ) >/dev/null 2>&1 &
watcher=$!
echo "$child"
wait "$child"
status=$?
kill "$watcher" 2>/dev/null
exit "$status"
