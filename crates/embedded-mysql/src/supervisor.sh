# Runs one database server for an owner that may be killed at any moment.
#
# The owner holds the writing end of our standard input. When that closes, however the owner ended,
# the server is stopped and every folder made for it is removed. Orders on standard input:
#   start   the first one: the owner has put the server's data in place
#   kill    end the server at once, keep everything
#   leave   the server has ended and another supervisor has taken over: go without removing anything
#
# arguments: STATE SIGNAL PATIENCE INPUT REMOVE COMMAND...
#   STATE     prefix of two files: STATE.pid (the server's process) and STATE.ended (its exit code)
#   SIGNAL    what ends the server when the owner is gone; after PATIENCE fiftieths of a second, KILL
#   INPUT     the server's standard input
#   REMOVE    the folder to remove in the end
state=$1 signal=$2 patience=$3 input=$4 remove=$5
shift 5
exec 3<&0 </dev/null
# The owner may find no programs, on purpose or not; without `sleep` and `rm` nothing would be waited for or removed.
PATH=$PATH:/usr/bin:/bin

read -r order <&3
if [ "$order" != start ]; then
  cd / && rm -rf "$remove"
  exit
fi

# Where the system can do it, the server also dies with this shell.
if setpriv --pdeathsig TERM true 2>/dev/null; then
  set -- setpriv --pdeathsig TERM -- "$@"
fi
"$@" <"$input" 3<&- &
server=$!
echo "$server" >"$state.new" && mv "$state.new" "$state.pid"

(
  while read -r order <&3; do
    case $order in
      kill) [ -e "$state.ended" ] || kill -KILL "$server" ;;
      leave) exit 0 ;;
    esac
  done
  [ -e "$state.ended" ] || kill -"$signal" "$server" 2>/dev/null
  # The mark is written by the outer shell; when that was killed, the server's absence has to do.
  while [ ! -e "$state.ended" ] && { kill -0 "$server" || kill -0 $$; } 2>/dev/null; do
    patience=$((patience - 1))
    [ "$patience" -ge 0 ] || kill -KILL "$server" 2>/dev/null
    sleep 0.02
  done
  cd / && rm -rf "$remove"
) &
watcher=$!

wait "$server"
code=$?
# When the mark cannot be written, our own end has to do for it.
echo "$code" >"$state.new" && mv "$state.new" "$state.ended" && wait "$watcher"
