"""Errors in English: what is wrong, and what to do instead; and what belongs in a cell, an option or a file.

Conversions in the templates are explained in ``salesbot.words.formatting``. Texts are lowercase without a full stop
where they are a part of a sentence; a medium that shows one alone begins it with a capital.
"""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {
    # the line
    "line_too_long": ("the line is too long", "write at most {most!n} characters"),
    "option_twice": ("the option {name!q} is given twice", "write each option once"),
    "stray_word": ("{word!q} is not an option with a value", 'write options as name:value or name:"a value"'),
    "stray_word_after_value": ("{word!q} stands alone", "put a value with spaces in double quotes, as in {example}"),
    "unknown_command": ("no question is called {verb!q}", "use one of these"),
    "unknown_option": ("{verb} has no option {name!q}", "use one of these"),
    "option_missing": ("{verb} needs {name}", "add {name}: {about}"),
    "option_empty": ("the option {name} is empty", "it takes {about}"),
    "bad_value": ("{text!q} does not fit {name}", "{expected}"),
    "two_to_ten": ("{name} holds {count} different {kind}s", "give from two to ten, separated by commas"),
    "unknown_choice": ("{text!q} does not fit {name}", "use one of these"),
    "two_moments": ("within and at both name a moment", "use one of them"),
    "moment_and_period": ("during names a period, within and at a moment", "use one of them"),
    # names
    "name_too_long": ("{text!q} is longer than any name", "write at most {most} characters"),
    "ambiguous_name": ("{text!q} names several things", "pick one, or write its id"),
    "unknown_name": ("no {kind!k} is called {text!q}", "pick a name while you type, or one of these"),
    "unknown_source": ("no source has the id or publisher {text!q}", "every answer names its sources"),
    "unknown_metric": ("the facts have no metric {text!q}", "use one of these"),
    "unknown_trim": ("{name} has no trim called {text!q}", "use one of these"),
    "ambiguous_trim": ("{text!q} could be several trims of {name}", "use one of these"),
    "no_price_in_region": ("the facts hold no price of {name} in {region}", "they hold prices in these regions"),
    # questions
    "question_too_slow": (
        "this question takes too long on these facts",
        "ask about less: one model, one region or fewer days",
    ),
    "server_busy": ("many questions of this server are being worked out", "ask again in a few seconds"),
    "queue_full": ("{count} uploads or exports of this server wait already", "try again when one of them is done"),
    "too_many_rows": (
        "the upload makes {rows!n} rows, and a server may have {most!n}",
        "leave rows out, or ask the bot's operator for more",
    ),
    "snapshot_damaged": ("the file of these facts is damaged", "ask again in a moment"),
    "version_damaged": ("the file of version {number} is damaged", "serve another one, or import its pack again"),
    "facts_damaged": (
        "the file of this server's facts is damaged, and no earlier version is whole",
        "a moderator can import the pack again with /data import",
    ),
    "too_many_facts": ("this question touches too many facts", "ask about less: one model, one brand or fewer days"),
    "too_many_claims": (
        "{count!n} claims are too many for one list",
        "name a speaker or a launch; at most {most!n} fit",
    ),
    "compare_at_a_date": ("each launch opened at its own time", "write at as a time since opening, as in at:1h"),
    "whatif_needs_a_number": (
        "whatif needs a number of your own",
        "add stores, orders_per_store, lock_in_rate or orders, as in stores:60",
    ),
    "rate_above_all": ("{name}:{text} is more than all orders", "a rate is at most 1: write 40% as 40% or 0.4"),
    "numbers_contradict": (
        "your numbers contradict each other: {whole}:{whole_text} is not {product}, which {parts!l} give",
        "leave one of them out",
    ),
    "zero_divisor": ("{name} is 0, and nothing can be divided by it", "write {name} above 0"),
    "moment_needs_launch": ("within and at need a launch", "add launch, as in launch:su7"),
    "since_after_until": ("since lies after until", "write the earlier day as since"),
    "trim_needs_model": ("a trim needs its model", 'add model, as in model:"Model Y" trim:RWD'),
    # editing
    "no_number_in_row": ("the row {row} has no number", "change it with /data edit"),
    "unknown_row": ("no row of the facts is {text!q}", "pick one from the list while you type"),
    "unknown_column_typed": ("the row has no column {text!q}", "use one of these"),
    "zones_differ": ("{text!q} is another time in the zone {zone!q}", "leave out the option zone, or the zone in when"),
    "zone_missing": ("{text!q} has a clock time without a zone", "add zone, as in zone:Asia/Shanghai"),
    "source_known": ("this link is the source {id} already", "change it with /data edit"),
    "no_market": ("the facts hold no launch and no price of {name}", "import its launch first, with /data import"),
    "no_free_id": ("no free id is left for {text!q}", "import the row with an id of your own"),
    # what the facts do not hold
    "launch_not_in_facts": ("the facts hold no launch of {name}", "its prices and events may be known: ask /prices"),
    "opening_unknown": (
        "the facts do not say at what time the order book of {name} opened",
        "leave out the options within: and at:, or let a moderator fill in opened for {id} in launches",
    ),
    "metric_not_in_facts": ("the facts hold no {metric!m} of {name}", "they hold {metrics!m}"),
    "no_cumulative_count": ("the facts hold no cumulative {metric!m} of {name}", "they hold {metrics!m}"),
    "stores_not_in_facts": ("the facts hold no stores of {name}", "a row in stores.csv would be needed"),
    "no_list_price": ("the facts hold no list price of {what}", "its offers and price moves may be in /prices changes"),
    "no_price": ("the facts hold no price of {what}", "a row in prices.csv would be needed"),
    "no_price_on_day": ("the facts hold no price of {what}{day!d}", "they hold prices {spans!s}"),
    "event_not_in_facts": ("the facts hold no time of {id!q}", "a row in events.csv would be needed"),
    "claim_not_in_facts": ("the facts hold no claim {id!q}", "a row in claims.csv would be needed"),
    # packs and versions
    "pack_refused": ("{name!p} has {count!n} {count!problems}", "correct each cell named here, then check again"),
    "facts_moved": ("the facts here were changed meanwhile", "look at what is served now, then try again"),
    "no_such_version": ("version {number} is not one of the versions here", "choose a number from /data history"),
    "nothing_to_reset": ("this server has no facts of its own", "there is nothing to drop"),
    "nothing_to_undo": ("there is nothing to undo here", "choose a number from /data history, or import a pack"),
    "snapshot_gone": ("the snapshot {name} no longer exists", "import its pack again"),
    "catalog_busy": ("another change is being saved", "try again in a moment"),
    "disk_full": ("the disk that holds the bot's files is full: this was not stored", "ask the bot's operator"),
    "disk_read_only": ("the bot's files cannot be written: this was not stored", "ask the bot's operator"),
    "files_busy": ("another program holds the bot's files: this was not stored", "try again in a moment"),
    "catalog_newer": (
        "the catalog {path} is of a newer release",
        "run that release, or restore the backup from before it",
    ),
    "catalog_unusable": ("the catalog {path} cannot be opened: {error}", "check that its folder can be written"),
    "catalog_damaged": (
        "the catalog {path} is damaged: {fault}",
        "restore it from a backup; without one, move it away: the snapshots beside it stay where they are",
    ),
    "database_away": (
        "the database cannot be reached, so nothing was changed",
        "try again in a minute; questions are answered meanwhile",
    ),
    "database_silent": (
        "the database did not answer in time, so the change may not have been made",
        "look at /data history before you try again",
    ),
    "database_needed": (
        "the database cannot be reached, and nothing of it is kept here yet: {error}",
        "check SALESBOT_DATABASE_URL, and that PostgreSQL runs",
    ),
    "database_not_empty": (
        "the database has facts already",
        "copy into an empty one: createdb salesbot, and give its address",
    ),
    "database_empty": ("the database has nothing of salesbot's", "check its address"),
    "copy_what": (
        "one of the two must be a data folder, and the other the address of a database",
        "write salesbot catalog copy /path/to/data postgresql://name:password@host/database, or the other way round",
    ),
    "database_behind": (
        "the database is older than what is kept here, so nothing was changed",
        "check SALESBOT_DATABASE_URL; after a database was restored, start with an empty SALESBOT_DATA_DIR",
    ),
    "database_refuses": (
        "the database does not allow it: {error}",
        "let its user create tables: grant create on database salesbot to its_name",
    ),
    "database_old": ("the database is PostgreSQL {version}", "salesbot needs PostgreSQL 15 or newer"),
    "not_a_copy": (
        "{path} has facts or settings of its own, which the database does not know",
        "move them with salesbot catalog copy, or set SALESBOT_DATA_DIR to an empty folder",
    ),
    "data_dir_in_use": ("another salesbot uses {path}", "stop it, or set SALESBOT_DATA_DIR to another folder"),
    "child_limit": ("that took more time or memory than a pack may take", "split it, or ask the bot's operator"),
    "import_running": ("an import is already running here", "wait until it ends, then try again"),
    "file_exists": ("{file} is there already", "rename or move it, or choose another name"),
    "no_pack_folder": ("there is no pack folder {path}", "set SALESBOT_PACK_DIR to a folder of CSV tables"),
    "data_dir_unwritable": ("cannot write in {path}: {error}", "set SALESBOT_DATA_DIR to a folder that you own"),
    "extra_missing": ("this needs an extra: {extra}", "pip install 'salesbot[{extra}]'"),
    "browse_port_in_use": (
        "cannot serve on port {port}: {error}",
        "choose another, as in: salesbot browse --port 8899",
    ),
    "nothing_to_back_up": ("{path} holds no facts of a bot yet", "set SALESBOT_DATA_DIR to the data folder of the bot"),
    "backup_unwritable": ("cannot write {file}: {error}", "choose another place"),
    "backup_damaged": ("{file} is no whole backup: {error}", "choose a file that salesbot backup wrote"),
    "folder_not_empty": ("{path} is not empty", "restore into a new folder: set SALESBOT_DATA_DIR"),
    "no_such_file": ("there is no file {file}", "choose a file that salesbot backup wrote"),
    "too_many_follows": ("{count} launches are followed already", "stop one with its button; /follow lists them"),
    "cannot_write_here": ("the bot may not write in this channel", "let it send messages here, then try again"),
    "follow_where": (
        "the bot can write to channels of servers that it was added to, and to you alone",
        "use /follow in a direct message with the bot, or in such a server",
    ),
    "several_meant": ("this can be meant in more than one way", "press the one that you mean"),
    "one_meant": ("this may be what you mean", "press it to ask it"),
    "not_understood": ("this is not understood as a question that the facts can answer", "ask as in these"),
    "words_not_understood": ("not understood: {words}", "a question is answered only if every word is; as in these"),
    "message_empty": ("this message has no text", "choose a message with words and numbers"),
    # settings
    "setting_wrong": ("{variable} is wrong: {error}", ".env.example says what each setting holds"),
    "env_unreadable": (".env cannot be read: {error}", "save it as UTF-8 text, or remove it"),
    "no_home": ("this account has no home folder", "set SALESBOT_DATA_DIR to a folder that you own"),
    "proxy_wrong": ("{variable} is no http:// or https:// address", "write one, as http://proxy.example:8080"),
    "address_taken": ("{variable} {address} cannot be served: {error}", "choose another address, as 127.0.0.1:9464"),
    "option_not_read": (
        "{value!q} cannot be read here",
        "choose it from the list; the bot may not see it",
    ),
    "token_missing": ("SALESBOT_DISCORD_TOKEN is not set", "{how}"),
    "token_malformed": ("SALESBOT_DISCORD_TOKEN does not look like a bot token", "{how}"),
    "bad_port": ("PORT is {text!q}", "write a number from 1 to 65535, as in: make try PORT=8899"),
    "port_in_use": ("cannot serve on port {port}: {error}", "choose another, as in: make try PORT=8899"),
    # Discord
    "old_button": ("this button is from an older release", "ask the question again"),
    "command_changed": ("this command has changed", "reload Discord, then try again"),
    "bug": ("something went wrong in the bot", "it has been logged; check whether it was done, then try again"),
    "interrupted": ("the bot restarted while it did this", "check whether it was done, then try again"),
    "server_only": ("this works in a server that the bot was added to", "ask there, with Manage Server"),
    "moderators_only": ("this is for moderators", "you need Manage Server in this server"),
    "operator_only": (
        "the shared pack belongs to the bot's operator",
        "its owner or team may change it, and members with Manage Server in the home server",
    ),
    "other_server": ("that belongs to another server", "ask there"),
    "proposal_gone": ("this change no longer waits", "upload it again"),
    "proposal_of_other": ("this is another moderator's change", "upload it yourself to confirm it"),
    "table_gone": ("this table no longer waits", "upload it again"),
    "form_closed": ("this form is no longer open", "press the button on the answer again; what you wrote was not sent"),
    "no_reports_channel": ("nobody takes reports here", "a moderator can choose a channel with /data reports"),
    "report_empty": ("nothing was filled in", "give the right value, or say what is wrong or missing"),
    "suggestion_gone": ("this suggestion no longer waits", "it was accepted, dismissed, or waited for 90 days"),
    "suggestion_incomplete": ("this suggestion names no row and value", "press Edit and fill them in"),
    "reported_before": ("you have reported this figure already", "the moderators have it"),
    "too_many_reports": ("you have sent {count} reports within an hour", "send more later"),
    "report_not_delivered": (
        "the report could not be delivered",
        "a moderator should check the bot's permissions in the reports channel",
    ),
    "file_too_large": ("the file has {size!n} bytes", "a pack may have at most {most!n}; send one table as .csv"),
    "export_too_large": ("the export has {size!n} bytes, more than Discord takes", "{remedy}"),
}

EXPECTED: dict[str, str] = {
    "catalog_reference": "a row of {table} names one that is not there",
    # cells
    "id": "an id: a small letter, then up to 39 small letters, digits or hyphens",
    "metric_id": "the id of a metric: a small letter, then up to 39 small letters, digits, hyphens or underscores",
    "part_of_circle": "something that is not, by way of others, a part of this row itself",
    "grouped_by_dot": "{whole} or {decimal}: three digits after a dot could be thousands",
    "without_about": "a number without 'about', or a range such as 210000..220000",
    "no_percent": "an amount or a count, not a share: only rates are in per cent",
    "decoded_wrongly": "readable text: the file was saved or opened in the wrong encoding (this looks like {likely!q})",
    "kind_of_built_in": "{kind}: {metric} is a metric that is built in",
    "plain_number": "a plain number such as 88898 or 0.35, without separators or units (blank if unknown)",
    "stated_zone": "an IANA zone such as Asia/Shanghai, or 'not stated', or 'US, zone not named'",
    "iana_zone": "an IANA zone such as Asia/Shanghai",
    "address": "an address that begins with https:// or http://",
    "currency": "a currency of ISO 4217, such as CNY",
    "text_too_long": "at most {most!n} characters",
    "printable_text": "text without invisible or control characters",
    "one_of": "one of {words!c}",
    "value_missing": "a value; {about}",
    "cell_time": (
        "an ISO 8601 date, month or year, or a date-time with its offset (2024-03-28T19:00+08:00), or earliest/latest"
        " of those"
    ),
    "earlier_time_first": "earliest/latest with the earlier one first",
    "offset": "an offset between -14:00 and +14:00",
    "year": "a year from {first} to {last}",
    "clock_time_needs_a_date": "a whole date before the clock time",
    "date_that_exists": "a date and time that exist",
    "time_that_never_comes": "a clock time that comes in its zone; this one is skipped in {zone}",
    # tables that others made
    "one_currency": "one currency that is known: the cell, its column and the name over it say otherwise",
    "price_of_its_own": "a column of prices to pay, not of old prices or of changes",
    "launch_not_known": "a launch of the facts",
    "period_not_known": "a day, week, month, quarter or year, such as 2024-04",
    "left_out": "{count!n} left out: {why}",
    "multiplied": "the numbers are multiplied by {scale!n}",
    "table_not_found": "the table that was shown; upload the file again",
    "table_without_rows": "a table with a number of a launch of the facts",
    "table_source": "the link or the id of a source",
    "left_out_total": "a total ({text!q})",
    "left_out_blank": "no number ({text!q})",
    "left_out_launch": "no launch of the facts ({text!q})",
    "examples_left_out": "{count!n} example {count!rows} left out",
    "ids_made": "{count!n} {count!rows} without an id got one, made of what the row says",
    # doubts
    "name_added": "the {kind} {name!q} is new: names.csv gains it as {id!q}; if another one is meant, write its name",
    "last_day_in": "it ends as {day} begins; write {after} if {day} counts",
    "far_off": "{value!n} is {times} times off the others like it (about {usual!n}); is it in thousands, or in 万?",
    "same_fact": "it says the same as {id}; one of the two is enough if they are one report",
    "count_falls": "less than the {value!n} of {id}, which ends earlier; is it net of cancellations (gross: no)?",
    "count_fell_later": "more than the {value!n} of {id}, which ends later; is that one net of cancellations?",
    "above_whole": "more than the {value!n} {whole!m} of {id} on that day, of which it is a part",
    "in_future": "it ends on {day}, which is still to come; is it a target?",
    "before_opening": "it ends before orders opened, on {day}",
    "offset_not_of_zone": "{time} is no time of {zone!q} on that day; one of the two is wrong",
    "price_zero": "a price of 0; leave the cell blank if it is not known",
    "offer_is_price": "an offer of more than half of the price ({usual!n}); its low and high are how much less is paid",
    "offer_rises": "a change above 0, though an offer makes a price lower",
    "new_place": "no other row has the place {place!q}: is it one that the facts call otherwise?",
    "several_in_one": "{text!q} is taken as one name; write ; between two",
    "repeated": "already in row {row}; one of the two is enough",
    "full_width": "{text!q} is read as {count} values",
    "unused_grade": "counted nowhere: all its sources are of grade D; shown as known bad",
    "unused_no_number": "counted nowhere: neither low nor high is filled in",
    "unused_no_start": "counted in no total: a count of a period needs the day it starts",
    "unused_no_end": "counted at no moment: nothing says up to when it was counted",
    "unused_no_day": "ordered nowhere: nothing says from when the price holds",
    "quarter": ("a time; a quarter is period_from {first} and period_to {after}, and a time somewhere in it is {span}"),
    "blank_word": "nothing: leave the cell blank if it is not known",
    "no_row": "a row of the table, or nothing: it holds only {words!q}; delete it",
    "not_below": "a number not below {column} ({value})",
    "not_before": "a time not before {time}",
    "period_without_length": (
        "the first day that is no longer in it: this ends as it begins; for a month write its first day and the next"
        " month's first day, and for a day the day after"
    ),
    "same_as_low": "the same number as low, as stated is {stated}",
    "at_least_needs": "at_least with low filled in and high blank",
    "at_most_needs": "at_most with high filled in and low blank",
    "could_be_missing": "the metrics that an unstated figure could be",
    "never_below_zero": "a number not below 0",
    "whole_number": (
        "a whole number: a count has no fraction; if the source counts in thousands, 万 or millions, write all digits"
    ),
    "rate_above_one": "a rate from 0 to 1 (0.35, or 35%)",
    "price_below_zero": "a price, which is never below 0 (a reduction goes into change_low)",
    "expects_one_each": "one value a line of checks ({count}), separated by ;",
    "slash_line": "a slash line: {error}",
    "line_about_claims": "a line that asks for facts, not for claims",
    "expectation": (
        "a number, a range, about N, a price type with a number, a gap (after 0.25..0.75 years), before, after, same,"
        " cannot be, possible, a response, a kind of price change, a time, by NAME, has EVENT, or none"
    ),
    "smaller_number_first": "a range with the smaller number first",
    "superseded_by_circle": "a row that is not, by way of others, superseded by this one",
    # tables
    "pack_folder": "a folder of CSV tables",
    "descriptor_json": "a Data Package descriptor in JSON ({error})",
    "version": "a version of at most {most} characters, in quotes",
    "file_unreadable": "the file {file} cannot be read ({error})",
    "file_missing": "the file {file} is missing (it may hold its header only)",
    "header_missing": "the header row is missing",
    "column_missing": "the column {columns!b} is missing",
    "columns_missing": "the columns {columns!b} are missing",
    "likely_column": "{column!b}, if that is what it holds",
    "column_twice": "the column {column!b} only once",
    "unknown_column": "one of the columns {words!c}; delete it if it holds none of them",
    "unknown_columns": "only columns of this table; {names!l} are none of {words!c}: rename them or delete them",
    "cells_as_header": "{count} cells, as the header has, not {found}",
    "repeated_id": "an id that no other row has",
    "id_of_table": "an id of {table}.csv",
    "id_of_kind": "an id of {table}.csv, as the kind is {kind}",
    "at_least_one_id": "at least one id of {table}.csv",
    "known_name": "a {kind} that names.csv lists, or all",
    "name_of_several": "the name of one {kind}; several have this one: write the id, one of {ids!c}",
    "utf_8": "UTF-8 text; save the file as CSV UTF-8",
    "well_formed_csv": "well-formed CSV ({error})",
    # typed values
    "year_missing": "add its year, as in 1 April 2024",
    "typed_time": "write it as 2024-03-28, 2024-03-28 19:00 Asia/Shanghai or about 2024-03-27 04:00 US time",
    "opening_not_exact": "a day or a clock time: the facts do not say exactly when {name} opened",
    "zone": "{text!q} is not a known zone; write an offset, or Asia/Shanghai, or Beijing time",
    "post_id_without_time": "the id of this post does not say when it was made; write the time",
    "duration": "write it as 90m, 72h, 3d or 1w",
    "number": "write it as 45000, 45k, 4.5万, 38%, 55..60 or >=40000",
    "dots_or_decimals": "write {whole} for a whole number, or {decimal} for a decimal",
    "range_downward": "write the smaller number first: {low}..{high}",
    # uploads
    "upload_bytes": "at most {most}, not {size}; send fewer tables at a time",
    "upload_kind": (
        "a workbook (.xlsx, .xlsm, .xls, .ods), one table as .csv, .tsv or .txt, or a .zip of CSV tables; export it"
        " again as one of those"
    ),
    "archive_in_zip": "no zip or workbook inside a zip; unpack it and send what is in it",
    "no_table_in_zip": "at least one of {files!c}, at the top of the zip or in one folder",
    "file_twice": "only one file of this table; leave one out",
    "which_table": "a file named after its table, such as orders.csv; the tables are {tables!c}",
    "which_table_like": "a file named after its table, such as orders.csv; its header is most like that of {tables!c}",
    "row_still_named": (
        "a row for it, as row {row} of {table}, which stays as it is, names it; keep the row, or send {table} too"
    ),
    "zip_files": "at most {most} files in a zip, not {count!n}",
    "zip_whole": "a whole zip file; it is cut short or damaged: make it again and send it again",
    "zip_password": "a zip without a password; make it again without one",
    "zip_method": "a zip of the usual kind (deflate); make it again with your system's own program",
    "zip_damaged": "a file that can be unpacked; it is damaged: make the zip again",
    "zip_unpacked": "at most {most} once unpacked; send fewer tables at a time",
    "zip_ratio": "a zip that unpacks to at most {most} times its size; delete blank rows and columns",
    "workbook_opens": "a workbook that opens, without a password; save it again as 'Excel Workbook (.xlsx)'",
    "workbook_size": "sheets of at most {rows!n} rows and {cells!n} cells; copy what counts into a new workbook",
    "sheet_twice": "only one sheet of this name; delete or rename {title!q}",
    "sheet_named_after_table": "a sheet named after a table: {tables!c}",
    "merged_cells": "cells that are not merged; unmerge {cells} and fill each cell",
    "upload_rows": "at most {most!n} rows in one upload; send fewer rows",
    "last_row": "rows up to {most!n}, as a spreadsheet has; delete the blank rows at the end",
    "upload_columns": "at most {most} columns; delete what is right of the table",
    "cell_too_long": "at most {most!n} characters in a cell, not {count!n}",
    "no_header": "the header of {table}, a row with the names of its columns: {words!c}…",
    "web_page": "a table, not a web page; download the file itself, or copy the table into a spreadsheet",
    "json_file": "a table, not JSON; open it in a spreadsheet and save it as CSV or .xlsx",
    "numbers_file": "an .xlsx workbook; in Numbers choose File, Export To, Excel",
    "column_name_missing": "a name over column {letter}; delete the column if it is empty",
    "file_empty": "a header in row 1, the names of its columns; the file is empty",
    "save_as_utf_8": "UTF-8 text; save the file again as 'CSV UTF-8'",
    "zero_bytes": "text without zero bytes; save the file again as 'CSV UTF-8'",
    "upload_line_too_long": "lines of less than {most!n} characters",
    "upload_csv": "well-formed CSV ({error}); close every quotation mark, or export the table again",
    "encoding_guessed": "not UTF-8, read as Chinese text in GB18030: {words!c}",
    "header_below": "the header is in row {row}; the {above!n} {above!rows} above it are left out",
    "columns_renamed": "columns read by the names they mean: {names!c}",
    "read_as_text": "the {kind} {text}, read as the text {text!q}",
    "unit_in_format": (
        "all digits of the number, as text; the format of this cell shows another number than it holds (a unit, or"
        " thousands left out)"
    ),
    "sheet_known_by_header": "the sheet {title!q}, known by its header",
    "hidden_sheet": "the hidden sheet {title!q} is read too",
    "hidden_rows": "{count!n} hidden {count!rows} (row {rows!c}) read too",
    "struck_rows": "{count!n} {count!rows} with text struck through (row {rows!c}) read too",
    "formulas_read": "{count!n} {count!cells} with a formula; the values saved with them are read",
    "marks_not_known": "this kind of file does not tell formulas, hidden rows and units: look at the values",
    "formula": "a value, not a formula; copy the cell and paste its value only",
    "error_value": "a value, not an error; correct the cell or clear it",
    "yes_or_no": (
        "text or a number, not what a spreadsheet takes for true or false; format the column as text and type it again"
    ),
    "made_a_time": "text, but a spreadsheet made a time of it; format the column as text and type it again",
    "made_a_date": "text, but a spreadsheet made a date of it; format the column as text and type it again",
    "number_made_a_date": (
        "a plain number, but a spreadsheet made a date of it; format the column as text and type the number again"
    ),
    "part_of_a_date": (
        "text, but a spreadsheet made a date of it; format the column as text and type {part} again, or {day} if that"
        " day is meant"
    ),
    "time_without_offset": (
        "a time with its offset, as text; format the column as text and type it again, such as 2024-03-28T19:00+08:00"
    ),
    "altered": "{old!q}, as it stands now; a spreadsheet {did!a}; format the column as text and type {old!q} again",
    "altered_can_be_meant": (
        "{old!q}, as it stands now; a spreadsheet {did!a}; format the column as text and type {old!q} again; if"
        " {text!q} is meant, send it as text in an .xlsx"
    ),
}
ALTERED = {"made_a_date": "made a date of it", "changed": "changed it"}
HEADERS = {"figures": "one column", "periods": "each column a period", "launches": "each column a launch"}
KINDS = {
    "launch": "launch",
    "model": "model",
    "brand": "brand",
    "event": "event",
    "who": "person or firm",
    "speaker": "speaker",
    "claim": "claim",
    "source": "source",
    "place": "place",
    "metric": "metric",
}
HOW_TO_SET_IT = (
    "copy it from the Bot page of your application in Discord's developer portal and set SALESBOT_DISCORD_TOKEN in the"
    " environment or in .env"
)
