# A unit of work as small as it can be: unit.sh FOLDER ID KIND --threads COUNT. It keeps what a test looks at: how often it was begun,
# how many ran at a time, and whether another process was at the same unit. What KIND says happens at the first start only.
folder=$1 id=$2 kind=$3
cd "$folder" || exit 1
state() {
  printf '{"status":"%s","recurs":true,"attempt":1,"process":{"host":"h","pid":1,"born":""},"where":"h","startedAt":""}' "$1" >"units/.$id.$$"
  mv "units/.$id.$$" "units/$id.json"
}
echo "$id" >>starts
starts=$(grep -c "^$id\$" starts)
mkdir "at-work/$id" 2>/dev/null || { kill -0 "$(cat "at-work/$id/process")" 2>/dev/null && echo "$id" >>met; }
echo $$ >"at-work/$id/process"
trap 'rm -r "at-work/$id"; exit 143' TERM
for other in at-work/*; do kill -0 "$(cat "$other/process" 2>/dev/null)" 2>/dev/null && echo "$id"; done | wc -l >>counts
if [ "$starts" = 1 ]; then
  case $kind in
  wait) sleep 600 & wait ;;
  eat) { head -c 150000000 /dev/zero; sleep 20; } | tail -c 150000000 >/dev/null ;;
  esac
fi
[ "$kind" = err ] && { state failed; rm -r "at-work/$id"; exit 1; }
sleep 0.3
echo "$id $*" >"results/$id"
state "done"
rm -r "at-work/$id"
