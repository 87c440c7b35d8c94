/* SPDX-License-Identifier: Apache-2.0
 *
 * table.c - the commands, their options, and all that is said about them. */
#include "table.h"

#include <stddef.h>

#define HELP { CLI_HELP, "help", 'h', NULL, "Say how this command is used." }
#define THREADS { CLI_THREADS, "threads", 't', "N", \
    "Use N threads; 0, the default, is one for each core. Results do not depend on it." }
#define SET { CLI_SET, "set", 0, "KEY=VALUE", \
    "Read VALUE, written as in a file, in place of the number that stands under KEY, such as behaviours.fraud.taken=0.1 or " \
    "'lists.red.term=2 years'; may be given several times. 'standing describe' lists the keys; one regime alone is meant by " \
    "its name and a colon before the key." }
#define END { CLI_OPTION_COUNT, NULL, 0, NULL, NULL }

const char cli_purpose[] = "a laboratory for social-credit regimes on made-up cities";

const char *const cli_text[] = {
    "Standing lives a made-up city through social-credit regimes, person by person, and says what each regime did "
    "to whom. A world file says who lives in the city and how they behave, a regime file who watches, rates, lists "
    "and restricts, a study file which world to live under which regimes.",
    "Nobody in it is real. The same files give the same results on every machine, with any number of threads.",
    NULL
};

const char *const cli_exits_all[] = {
    "0", "All went well.",
    "1", "A file could not be read or written, or memory was short.",
    "2", "An input file has mistakes, or the command was not given as it should be.",
    "130", "Stopped by an interrupt (SIGINT, SIGTERM); no results were written.",
    NULL
};

static const cli_option run_options[] = {
    { CLI_OUTPUT, "output", 'o', "FILE.db",
        "Write the results to FILE.db; by default to the study's name with .db, in the current folder. A result file "
        "that is there already is replaced once the new one is complete; any other file is left alone." },
    { CLI_FROM, "from", 0, "FILE.db",
        "Instead of STUDY: live again what FILE.db came from, by the inputs inside it and with the same changes. The "
        "digests are the same. Options given beside it change more. Without -o the results go to FILE-again.db." },
    { CLI_REGIME, "regime", 'r', "NAME",
        "Live only this regime of the study; may be given several times. The first is the one the others are compared "
        "with." },
    { CLI_SCALE, "scale", 's', "F", "Make the city F times as large, above 0 and at most 1; by default as the study says." },
    { CLI_YEARS, "years", 'y', "N", "Live N years, at most 200, whole or not; by default as the study says." },
    { CLI_SEED, "seed", 0, "S", "Throw the dice by the number S, 0 to 9223372036854775807; by default as the study says." },
    { CLI_REPLICATES, "replicates", 0, "R",
        "Live the study R times, at most 10000, each time with a city and chances by a seed of its own; by default as the "
        "study says. 'standing compare' takes its intervals from them." },
    SET, THREADS,
    { CLI_BLOCK, "block", 0, "N",
        "Hand out N people at a time to a thread; 0, the default, is a number that is fast. Results do not depend on it." },
    { CLI_PANEL, "panel", 0, NULL, "Keep everybody and their state at the end (tables person, cell and panel)." },
    { CLI_EVENTS, "events", 0, NULL, "Keep everything that happened (table event): for small cities." },
    { CLI_CHECKPOINT, "checkpoint", 0, "N",
        "Keep a checkpoint, FILE.db.checkpoint, from which a run that was killed can go on: at the end of a window when N "
        "seconds have passed since the last one (0: of every window), and of each regime. It takes as much room as the "
        "people in memory, and is removed once the results are complete. By default there is none." },
    { CLI_MEMORY, "memory", 0, NULL, "Print what people take in memory under each regime, part by part." },
    { CLI_RESUME, "resume", 0, NULL,
        "Go on from FILE.db.checkpoint if it is there, else begin at the beginning. Inputs, regimes, scale, years, seed, "
        "--events and the version of Standing must be those of the run that was killed; threads and block need not. Give "
        "--checkpoint too to keep further ones. What killed runs left beside the results (FILE.db.tmp-PID) is removed." },
    { CLI_JSON, "json", 0, NULL, "Print the summary as JSON, and nothing else, on standard output." },
    { CLI_QUIET, "quiet", 'q', NULL, "Print no progress and no summary, only the last lines: the digests." },
    HELP, END
};

static const cli_option explain_options[] = {
    { CLI_RESIDENT, "resident", 0, "N", "Tell the life of resident N: row N of the population resident." },
    { CLI_COMPANY, "company", 0, "N", "Tell the life of company N: row N of the population company." },
    { CLI_POPULATION, "population", 'p', "NAME",
        "With --row: the population in which the row is. With --who: the population to look in; by default the world's "
        "first." },
    { CLI_ROW, "row", 0, "N", "Tell the life of row N, from 0, of the population given by --population." },
    { CLI_WHO, "who", 'w', "WORDS",
        "Find somebody worth reading about first, which takes one more run: 'longest wrongly restricted', 'longest "
        "restricted', 'most doors closed' (at the end), 'first wrongly listed' (as seen at the end of a window), each under "
        "the last of the regimes told; or 'most changed' (in the time restricted, else in points) between the first and "
        "the last of them, which takes two. A hyphen may stand for a space." },
    { CLI_REGIME, "regime", 'r', "NAME",
        "Tell the life under this regime of the study; may be given several times, at most 6. By default under the "
        "study's first three." },
    { CLI_FROM, "from", 0, "FILE.db",
        "Instead of STUDY: the study that FILE.db came from, by the inputs inside it and with the same changes, so that its "
        "rows are those of FILE.db." },
    { CLI_SCALE, "scale", 's', "F", "Make the city F times as large, above 0 and at most 1; by default as the study says." },
    { CLI_YEARS, "years", 'y', "N", "Live N years, at most 200, whole or not; by default as the study says." },
    { CLI_SEED, "seed", 0, "S", "Throw the dice by the number S, 0 to 9223372036854775807; by default as the study says." },
    SET, THREADS,
    { CLI_WIDTH, "width", 0, "N",
        "Fill lines of N characters, 40 to 1000; by default as many as the terminal has, or 100 if there is none." },
    { CLI_JSON, "json", 0, NULL, "Print every event as JSON, and nothing else, on standard output." },
    { CLI_QUIET, "quiet", 'q', NULL, "Show no progress." },
    HELP, END
};

static const cli_option report_options[] = {
    { CLI_OUTPUT, "output", 'o', "FILE",
        "Write the page to FILE; by default beside FILE.db, with .html for .db. A report that is there already is replaced; any other file is left alone." },
    { CLI_MAP, "map", 0, "FILE.geojson",
        "Draw the places of FILE.geojson (RFC 7946) instead of tiles: features whose property `name` is a level of the map's attribute." },
    { CLI_LIFE, "life", 0, "POPULATION:ROW",
        "Tell the life of this one, too. The city is lived again for it, which takes as long as the run. By default the longest restricted "
        "resident of a city of at most 50,000." },
    THREADS,
    { CLI_JSON, "json", 0, NULL, "Write the page's data alone, as JSON, on standard output." },
    { CLI_QUIET, "quiet", 'q', NULL, "Show no progress." },
    HELP, END
};

static const cli_option describe_options[] = {
    { CLI_OUTPUT, "output", 'o', "FILE",
        "Write to FILE instead of standard output. A description of the same kind that is there already is replaced; any other file is left alone." },
    { CLI_HTML, "html", 0, NULL, "Write a page that opens offline and prints well, instead of Markdown." },
    { CLI_JSON, "json", 0, NULL, "Write JSON instead: the purpose, each regime's rules as sentences, assumptions and sources." },
    { CLI_FROM, "from", 0, "FILE.db",
        "Instead of STUDY: the study that FILE.db came from, by the inputs inside it and with the same changes." },
    { CLI_REGIME, "regime", 'r', "NAME", "Describe only this regime of the study; may be given several times." },
    { CLI_SCALE, "scale", 's', "F", "Say that the city is F times as large, above 0 and at most 1; by default as the study says." },
    { CLI_YEARS, "years", 'y', "N", "Say that it lives N years, at most 200, whole or not; by default as the study says." },
    { CLI_SEED, "seed", 0, "S", "Say that the dice are thrown by the number S, 0 to 9223372036854775807; by default as the study says." },
    SET, HELP, END
};

static const cli_option sensitivity_options[] = {
    { CLI_OUTPUT, "output", 'o', "FILE",
        "Write everything as JSON to FILE too. An analysis that is there already is replaced; any other file is left alone." },
    { CLI_SVG, "svg", 0, "FILE", "Draw the chart of the first outcome, as an SVG picture, to FILE too." },
    { CLI_REGIME, "regime", 'r', "NAME",
        "Compare this regime; given twice, the second is set against the first. By default the study's first two." },
    { CLI_OUTCOME, "outcome", 0, "NAME",
        "What is compared; may be given several times, and numbers are ranked by the first: restricted_years, wrong_years, "
        "blocked, offences (these four by default), all_closed_years, poor_years, or a counter of the result file such as "
        "acts/fraud or list_minutes/red@company, where @ names a population other than the world's first." },
    { CLI_VARY, "vary", 0, "KEY",
        "Vary only numbers whose key begins with KEY, such as behaviours.fraud; may be given several times." },
    { CLI_CITED, "cited", 0, NULL, "Vary cited numbers without a range too, not only assumptions and numbers with a range." },
    { CLI_TRAJECTORIES, "trajectories", 0, "N",
        "Move every number N times in the screening, 2 to 1000; 4 by default. More makes errors smaller." },
    { CLI_REPLICATES, "replicates", 0, "N",
        "Live every point with N seeds, 1 to 100; 2 by default. With one, chance cannot be told from effect." },
    { CLI_TOP, "top", 0, "N", "Share out the variance among the first N numbers, 0 to 12; 5 by default. 0 leaves that out." },
    { CLI_BASE, "base", 0, "N",
        "Share it out from two blocks of N points, a power of two from 64 to 65536; 64 by default. More makes intervals narrower." },
    { CLI_SCALE, "scale", 's', "F",
        "Make the city F times as large; by default so small that a regime is lived in a tenth of a second or so." },
    { CLI_YEARS, "years", 'y', "N", "Live N years, at most 200, whole or not; by default as the study says." },
    { CLI_SEED, "seed", 0, "S", "Throw the dice by the number S; by default as the study says." },
    SET, THREADS,
    { CLI_WIDTH, "width", 0, "N", "Fill lines of N characters, at least 80; by default 100." },
    { CLI_JSON, "json", 0, NULL, "Print everything as JSON, and nothing else, on standard output." },
    { CLI_QUIET, "quiet", 'q', NULL, "Show no progress." },
    HELP, END
};

static const cli_option compare_options[] = {
    { CLI_BY, "by", 'b', "ATTRIBUTE,...",
        "Besides everybody, a row for each combination of levels of these attributes, which must be among the study's `by`." },
    { CLI_JSON, "json", 0, NULL, "Print every figure of every outcome and cell as JSON on standard output." },
    HELP, END
};

static const cli_option disparity_options[] = {
    { CLI_BY, "by", 'b', "ATTRIBUTE,...",
        "Cross these attributes, which must be among the study's `by`; by default each of those is taken alone." },
    { CLI_JSON, "json", 0, NULL, "Print every figure, with whole survival curves, as JSON on standard output." },
    HELP, END
};

static const cli_option audit_options[] = {
    { CLI_REGIME, "regime", 'r', "NAME", "Audit only this regime of the study; may be given several times." },
    { CLI_WORLD, "world", 'w', "WORLD",
        "Audit one regime file, given as REGIME, against this world: a world file, or a folder with world.yaml in it." },
    { CLI_FROM, "from", 0, "FILE.db",
        "Instead of STUDY: the study that FILE.db came from, by the inputs inside it, and add the figures that were measured." },
    { CLI_WIDTH, "width", 0, "N", "Fill lines of N characters, 60 to 1000; by default 100." },
    { CLI_JSON, "json", 0, NULL, "Print all of it as JSON, and nothing else, on standard output." },
    HELP, END
};

static const cli_option check_options[] = {
    { CLI_WORLD, "world", 'w', "WORLD", "Check regimes against this world, so that the names in them are known." },
    HELP, END
};

static const cli_option city_options[] = {
    { CLI_OUTPUT, "output", 'o', "FILE",
        "Write everybody to FILE: a SQLite file if its name ends in .db (tables person and cell, view people), else CSV "
        "of population, row, level of each attribute, years, household, representative and minute of coming." },
    { CLI_SCALE, "scale", 's', "F", "Make the city F times as large, above 0 and at most 1; by default 1." },
    { CLI_SEED, "seed", 0, "S", "Throw the dice by the number S; by default 1." },
    THREADS,
    { CLI_QUIET, "quiet", 'q', NULL, "Print no progress." },
    HELP, END
};

static const cli_option plain_options[] = { HELP, END };

static const char *const run_text[] = {
    "Makes the study's city and lives it under each of its regimes. A summary for people comes on standard output; "
    "all that was counted goes into one SQLite file, with the inputs themselves.",
    "Progress is shown on standard error when that is a terminal; a step is one person, or company, living through one "
    "window of the study. The last lines of the output give, for each regime, "
    "its name (regime:), the number of opportunities (opportunities:), the seconds it took (engine seconds:) and the "
    "digest (digest:): two runs with the same digest had the same results, to the last count.",
    "An interrupted run leaves nothing behind but its last checkpoint, if --checkpoint asks for any. A run that went on from "
    "one gives the same results as one that was never stopped, to the last byte but for the times it took.",
    "Where Standing was built with MPI, 'mpirun -n N standing-mpi run' with the same options lets N processes, on one machine "
    "or several, live the city together; the results are the same. It adds to the last lines how many bytes they handed "
    "each other. Several processes keep no checkpoints: --checkpoint and --resume are for one alone.",
    NULL
};

static const char *const explain_text[] = {
    "Tells one made-up life as a timeline, under several regimes side by side: the chances that came up and what was done, "
    "who saw it, which record went where, what the rating became, which lists and doors closed and which measures held "
    "them, petitions, fines and debts. It says where the regimes part: everything before is the same under all of them.",
    "People are rows with a number; a row is all that can be asked for. The city is made and lived again for "
    "each regime, as 'standing run' does with the same options, and only what happens to that row is kept. What leads to "
    "nothing for a while is told in one sum. Of a measure whose condition counts records it is only said that it may be "
    "the one that holds a door.",
    NULL
};

static const char *const report_text[] = {
    "Makes one page from a result file, which opens offline in any browser: what was asked and the answer, a map, bands and "
    "ratings over time, how long people stay restricted, who fares worse, acts done and left undone, who is wrongly restricted, "
    "one life, assumptions, law, every regime's rules in words, and the command that makes the run again.",
    "The page does not load anything. Every picture has a table.",
    NULL
};

static const char *const describe_text[] = {
    "Puts a study into words, with all that it names, in the order of the ODD protocol: purpose, entities, processes, design "
    "concepts, initialisation, input data, submodels. Every rule of every regime is a sentence. Every number stands there with its "
    "unit and with its source, or marked as an assumption; tables at the end list all of them with file and line.",
    "It is written from the very files, so that the appendix of a paper cannot differ from the model. The same files give the same text.",
    NULL
};

static const char *const sensitivity_text[] = {
    "Says on which of its numbers a study's answer hangs. The answer is a difference between two regimes, on the same lives; "
    "the numbers are the assumptions of the files and those that have a range. Each is moved within its range ('range' in the "
    "file; else from half to double), all of them in a screening, then those that move the answer most in an analysis of its "
    "variance. A chart shows what each of them does alone.",
    "Every point is the study read anew with numbers other than in its files, and both regimes lived with the same seeds, at a "
    "small scale: some thousand short lives of a city, on all cores. The result depends on study and options only.",
    NULL
};

static const char *const compare_text[] = {
    "Says what regime B did to the people against regime A, by default each regime against the study's first: who is "
    "restricted under one and not under the other, for how long, wrongly, who never returns, what is done and left undone.",
    "The difference is taken within each replicate, where the same people live under both, and its 95 % interval over the "
    "replicates. With one replicate there is no interval. 'gain' is the variance of differences between unpaired runs over "
    "that of the paired ones. Where nothing differs for anybody it says so.",
    NULL
};

static const char *const disparity_text[] = {
    "Says what a regime (by default each) does to some people more than to others: rates of outcomes in each group, "
    "differences and ratios to the group that is best off, with the four-fifths rule; how often it errs; how long until "
    "somebody is restricted, and is free again (Kaplan and Meier); how concentrated closed doors are (Gini).",
    "Groups are combinations of levels of the study's `by` attributes, crossed at will. Groups of fewer than 30 people are "
    "marked.",
    NULL
};

static const char *const audit_text[] = {
    "Holds the rules of each regime of a study against criteria of law, each with the clause (file and line) that meets or "
    "breaks it and why, what cannot be decided from the rules, and what would decide it. It is an aid for a lawyer and no "
    "legal advice. Then come findings about the rules as such: rules that can never hold, bands that nobody can reach, lists "
    "without an exit, effects on suspicion, in another area or on others, and the like.",
    "The criteria with their sources are those of law/criteria.csv among Standing's installed files; criteria from memory "
    "are marked. What is said never to happen happens in no run, however long; the converse does not hold.",
    "The exit status is 0 whatever the verdicts are.",
    NULL
};

static const char *const check_text[] = {
    "Reads files of any of the three kinds with all that they name, and reports every mistake on standard error with "
    "its line, its column, what was expected and the nearest known name.",
    NULL
};

static const char *const city_text[] = {
    "Makes the people and companies of a world and says how well each table of the world file is met. WORLD is a world "
    "file, a folder with world.yaml in it, or a study, whose world, scale and seed are then taken.",
    NULL
};

static const char *const export_text[] = {
    "Prints a table or view of a result file as CSV, or, without TABLE, the names of those there are. The views totals, "
    "timeline, ratings, people, final and log have names in place of numbers. Numbers that are zero are left out of "
    "series, histogram and the views of them.",
    NULL
};

static const char *const schema_text[] = {
    "Prints the JSON Schema of one of the three kinds of file, with which an editor completes and checks it.",
    NULL
};

static const cli_example run_examples[] = {
    { "standing run studies/small.yaml", "The small study; results go to small.db." },
    { "standing run studies/beijing.yaml --scale 0.01 -r none -r beijing-2018 -o try.db",
        "One person in a hundred, under two regimes only." },
    { "standing run studies/small.yaml --set behaviours.fraud.taken='20 %' -o fraud.db",
        "The same with one number other than in its file." },
    { "standing run --from small.db", "The same again, from the inputs inside small.db." },
    { "standing run studies/beijing.yaml -o big.db --checkpoint 600 --resume",
        "A long run: given again after a crash, it goes on from at most ten minutes before." },
    { NULL, NULL }
};

static const cli_example explain_examples[] = {
    { "standing explain studies/small.yaml --who 'longest wrongly restricted'",
        "The life of the resident who is longest restricted wrongly under the last of three regimes." },
    { "standing explain studies/small.yaml --resident 1234 -r none -r beijing-2018", "Resident 1234 under two regimes." },
    { "standing explain --from small.db --company 7 --json", "Company 7 of the city in small.db, for a program." },
    { NULL, NULL }
};

static const cli_example report_examples[] = {
    { "standing report small.db -o small.html", "The page of a run." },
    { "standing report small.db --life resident:17", "With the life of resident 17." },
    { NULL, NULL }
};

static const cli_example describe_examples[] = {
    { "standing describe studies/small.yaml -o model.md", "The small study as Markdown." },
    { "standing describe studies/beijing.yaml --html -o model.html", "A page to open or print." },
    { "standing describe studies/readings.yaml -r court-defaulters --json", "One regime's rules as sentences, for a program." },
    { NULL, NULL }
};

static const cli_example sensitivity_examples[] = {
    { "standing sensitivity studies/small.yaml -r none -r court-defaulters --svg tornado.svg", "What the answer of two regimes hangs on." },
    { "standing sensitivity studies/small.yaml --vary behaviours.fraud --outcome acts/fraud -o fraud.json",
        "One behaviour's numbers, and how many acts of it a regime prevents." },
    { NULL, NULL }
};

static const cli_example compare_examples[] = {
    { "standing compare small.db", "Each regime against the first." },
    { "standing compare small.db none beijing-2018 --by residence,income", "One against another, also group by group." },
    { NULL, NULL }
};

static const cli_example disparity_examples[] = {
    { "standing disparity small.db beijing-2018", "By residence, and by income, under one regime." },
    { "standing disparity small.db --by residence,income", "By both together, under each regime." },
    { NULL, NULL }
};

static const cli_example audit_examples[] = {
    { "standing audit studies/small.yaml --regime beijing-2018", "One regime of a study." },
    { "standing audit --world worlds/beijing mine.yaml", "A regime file, in a world." },
    { "standing audit --from small.db --json", "The regimes of a run with measured figures, for a program." },
    { NULL, NULL }
};

static const cli_example check_examples[] = {
    { "standing check studies/small.yaml", "A study with its world and its regimes." },
    { "standing check --world worlds/beijing mine.yaml", "A regime, with the names of a world." },
    { NULL, NULL }
};

static const cli_example city_examples[] = {
    { "standing city worlds/beijing --scale 0.01", "How well one in a hundred meets the tables." },
    { "standing city worlds/beijing --scale 0.001 -o people.csv", "Everybody, as CSV." },
    { NULL, NULL }
};

static const cli_example export_examples[] = {
    { "standing export small.db", "The names of all tables and views." },
    { "standing export small.db totals > totals.csv", "What was counted over the whole run, with names." },
    { NULL, NULL }
};

static const cli_example schema_examples[] = {
    { "standing schema regime > regime.schema.json", "For an editor." },
    { NULL, NULL }
};

static const char *const city_exits[] = { "3", "The city was made, but a table is met less well than its rule says.", NULL };
static const char *const explain_exits[] = { "3", "Nobody is like what --who asks for.", NULL };
static const char *const no_exits[] = { NULL };

const cli_command cli_commands[CLI_COMMAND_COUNT] = {
    [CLI_RUN] = { "run", "STUDY", 0, 1, "live a study and write its results", run_text, run_options, run_examples, no_exits },
    [CLI_EXPLAIN] = { "explain", "STUDY", 0, 1, "tell one made-up life under several regimes, side by side", explain_text,
        explain_options, explain_examples, explain_exits },
    [CLI_COMPARE] = { "compare", "FILE.db [A [B]]", 1, 3, "say what a regime did to whom, against another", compare_text,
        compare_options, compare_examples, no_exits },
    [CLI_DISPARITY] = { "disparity", "FILE.db [REGIME]", 1, 2, "say what a regime does to some more than to others",
        disparity_text, disparity_options, disparity_examples, no_exits },
    [CLI_AUDIT] = { "audit", "STUDY|REGIME", 0, 1, "hold the rules of regimes against criteria of law", audit_text, audit_options,
        audit_examples, no_exits },
    [CLI_REPORT] = { "report", "FILE.db", 1, 1, "make a page to look at from a result file", report_text, report_options,
        report_examples, no_exits },
    [CLI_DESCRIBE] = { "describe", "STUDY", 0, 1, "put a study into words, from its own files", describe_text, describe_options,
        describe_examples, no_exits },
    [CLI_SENSITIVITY] = { "sensitivity", "STUDY", 1, 1, "say on which of its numbers a study's answer hangs", sensitivity_text,
        sensitivity_options, sensitivity_examples, no_exits },
    [CLI_CHECK] = { "check", "FILE...", 1, -1, "report every mistake in input files", check_text, check_options,
        check_examples, no_exits },
    [CLI_CITY] = { "city", "WORLD", 1, 1, "make the people of a world and say how well its tables are met", city_text,
        city_options, city_examples, city_exits },
    [CLI_EXPORT] = { "export", "FILE.db [TABLE]", 1, 2, "print a table of a result file as CSV", export_text,
        plain_options, export_examples, no_exits },
    [CLI_SCHEMA] = { "schema", "world|regime|study", 1, 1, "print the JSON Schema of a kind of file", schema_text,
        plain_options, schema_examples, no_exits },
};
