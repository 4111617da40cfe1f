#!/usr/bin/env bash
# Passes when the version before can work with the schema of this one: no pending migration takes away or narrows what the
# version before may use. A migration that must do so says `-- compatible: WHY` above the statement.
# DATABASE_URL   the database, for what is still pending
# MIGRATIONS     their folder, migrations unless told otherwise
set -euo pipefail
: "${DATABASE_URL:?the database}"
folder=${MIGRATIONS:-migrations}
# `[ ] 20260101_name.sql` is pending, `[X] …` has been applied.
pending=$(dbmate --migrations-dir "${folder}" --no-dump-schema status | awk '/^\[ \] / { print $3 }')
found=0
for name in ${pending}; do
  awk -v name="${name}" '
    /^-- migrate:down/ { exit }
    /^-- compatible: *[^ ]/ { excused = 1; next }
    toupper($0) ~ /DROP +(TABLE|COLUMN|TYPE|VIEW)|RENAME +(TO|COLUMN)|SET +NOT +NULL|ALTER +COLUMN +[^ ]+ +TYPE/ {
      if (!excused) { print name ": " $0; bad = 1 }
    }
    /;/ { excused = 0 }
    END { exit bad }' "${folder}/${name}" >&2 || found=1
done
if ((found)); then
  echo "the version before cannot work with this" >&2
  exit 1
fi
echo "the version before can work with the new schema"
