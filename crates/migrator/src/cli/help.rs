//! The text of `--help`.

/// The text of `--help`.
pub const HELP: &str = "\
Brings the database to a version of its schema.

  up [--target NN] [--dry-run]           apply what is pending, up to and including NN (also without any command)
  down [--target NN] [--dry-run]         take back what comes after NN; without a target everything
  status [--exit-code]                   show what is applied and what is pending; changes nothing
  plan [--target NN]                     show each statement that `up` would run; changes nothing
  setup [--sample]                       create the database if it is not there, apply everything, check; load sample data
  wait [--timeout S]                     wait for a database that is still starting (60 s)

Writing migrations:
  create --name NAME                     write the files NN_name.sql and RNN_name.sql for a new one
  lint                                   find in the files what tends to go wrong; needs no database
  verify [--scratch DB]                  try all files in a scratch database: up, down step by step, and up again
  dump [--output FILE]                   write the schema, without rows, as SQL; changes nothing

When a run has ended in the middle of a file, and `up` cannot tell how far it came:
  resume [--skip-statement]              go on with the file at the statement where it stopped, or after that one
  mark-applied --version NN              note that file NN is in effect: the rest was done by hand
  mark-rolled-back --version NN          note that file NN is not in effect: it was undone by hand

When files and database have come apart, or not yet together:
  repair                                 accept applied files that were changed since; changes the ledger and no schema
  baseline [--target NN] [--scratch DB]  take a database as migrated up to NN, or to the end, if its schema is that
  adopt [--dry-run] [--scratch DB]       take over a database that another system has migrated; says what it does first

Everywhere:
  --json                                 answer with one JSON object on standard output; progress goes to standard error
  --yes                                  confirm what is asked for otherwise
  --confirm NAME                         the name of the database, to confirm `down` in production
  --lock-timeout S                       how long to wait for another runner (60)
  --lock-wait-timeout S                  how long a statement may wait for its locks before it tries again (5)
  --lock-wait-attempts N                 how often it tries until it gets them (10)
  --statement-timeout S                  how long a statement may take before it is stopped (no limit)

Exit codes: 0 done, 10 pending (status --exit-code, plan, --dry-run), 11 drift or order, 12 a file was begun and not
finished, 13 another runner is at work, 2 wrong usage or not confirmed, 1 any other error.";
