# What the portal says, in English. Keys with "--" are families: the code adds what comes after.

skip = Skip to the content
menu = Main
menu-open = Menu
menu-ask = Ask
menu-conversations = Conversations
menu-documents = Documents
menu-audit = Audit trail
menu-administration = Administration
foot = Answers come from your documents and stay on your network.
viewing-as = You see what { $s } would get.
viewing-as-end = Back to your own view
mark-decimal = {"."}
mark-thousands = {","}
date = { $day } { $month } { $year }
month--1 = January
month--2 = February
month--3 = March
month--4 = April
month--5 = May
month--6 = June
month--7 = July
month--8 = August
month--9 = September
month--10 = October
month--11 = November
month--12 = December
since = since { $s }
lists = Lists
list-previous = Previous
list-next = Next
name = Name
email = E-mail address
role = Role
state = State
save = Save
create = Create
delete = Delete

# Signing in
sign-in = Sign in
sign-in-forgotten = Forgotten your password? An administrator can give you a link to choose a new one.
sign-out = Sign out
password = Password
password-new = New password
password-present = Present password
password-hint = At least 12 characters. Several words that don’t belong together are a good one.
password-change = Change password
password-changed = Your password is changed, and your other sessions have ended.
start-title = Set up Footnote
start-lead = You are the first one here. Make yourself an account; it will administer everything else.
start-do = Create my account
join-title = Choose a password
join-hello = Hello { $s }
join-lead = Choose a password for { $s }. You sign in with both.
join-do = Save and sign in
account = Your account
account-language = Language of the portal
account-language-browser = as the browser says
sessions = Where you are signed in
session-since = since { $s }
session-own = this one
sessions-end = Sign out everywhere else
sessions-ended = Your other sessions have ended.

# Asking
ask = Ask
ask-title = Ask your documents
ask-lead = A short answer, and for every sentence the passage that carries it.
ask-label = What would you like to know?
ask-example = For example: May I carry leave over into next year?
ask-follow = Follow up, or ask something else
ask-follow-example = For example: And for part-time staff?
ask-in = In
ask-looking = Looking through the documents
ask-reading = Reading the passages
ask-stop = Stop
ask-stopped = Stopped.
ask-lost = The connection was lost. Please ask again.
ask-again = Ask again
copy = Copy with sources
copied = Copied
all-collections = all collections
collection = Collection
filter = Filter
filter-type = Type
filter-all-types = all types
filter-language = Language
filter-all-languages = all languages
filter-since = Since
filter-until = Until
shelf-empty = Nothing to read yet
shelf-empty-administrator = Add documents on the server, and give a group the right to read their collection:
shelf-empty-reader = You may read no document so far. An administrator can give you the right to.
shelf-count = { $n ->
    [one] One document can be asked
   *[other] { $n } documents can be asked
}
shelf-all = See all
answer-passages = Passages that speak to this
answer-nearby = Not an answer, but nearby
answer-queued = { $n ->
    [0] Yours is the next question that will be written out. The passages are here already.
    [one] One question is written out before yours. The passages are here already.
   *[other] { $n } questions are written out before yours. The passages are here already.
}
answer-failed = This question could not be answered.
answer-understood = Understood as: { $s }
answer-conflict = The documents contradict each other.
answer-corrected-from = “{ $s }” is in no document that you may read.
answer-corrected-to = Looked for “{ $s }” instead.
answer-corrected-hint = Put the word in quotes to look for it as it is.
answer-checked = Each sentence was checked against the passage that its footnote opens.
answer-quoted = In the documents’ own words.
answer-quoted-more = The passages below speak to the question; nothing was added to them.
answer-abstained = I did not find this in the documents that you may read.
answer-abstained-near = The passages below come nearest; they may not answer it.
answer-no-model = No language model wrote this.
answer-unfinished = This answer was stopped before it was finished.
answer-withheld = Something is left out here: its source was deleted, or you may not read it.
footnote = Footnote
conversation-new = New question
conversation-earlier = Earlier questions
conversation-latest = To the latest questions
conversation-share = Share inside the company
conversation-unshare = Stop sharing
conversation-delete = Delete conversation
conversation-shared = shared
conversation-is-shared = Whoever can sign in and has this address may read along. Each sees only the sources that they may read:
conversation-shared-by = Shared by { $s }. Sources that you may not read are left out.
conversations-none = You have asked nothing yet.
scan--page-sure = This page was read from a scan.
scan--page-unsure = This page was read from a scan that is hard to read ({ $n }% sure): compare it with the image.
scan--passage-sure = This passage was read from a scan.
scan--passage-unsure = This passage was read from a scan that is hard to read ({ $n }% sure): compare it with the image.
scan--cited-sure = The cited passage was read from a scan.
scan--cited-unsure = The cited passage was read from a scan that is hard to read ({ $n }% sure): compare it with the image.
place--page = page
place--slide = slide
place--sheet = sheet

# Documents
documents-find-label = Find by title or file name
documents-find-hint = Title or file name
documents-find = Find
documents-count = { $n ->
    [one] One document
   *[other] { $n } documents
}
documents-with = with “{ $s }”
documents-none = Nothing matches.
documents-show-all = Show all documents
count--page = { $n ->
    [one] 1 page
   *[other] { $n } pages
}
count--slide = { $n ->
    [one] 1 slide
   *[other] { $n } slides
}
count--sheet = { $n ->
    [one] 1 sheet
   *[other] { $n } sheets
}
document-original = Download the file
document-access = Who may read it
document-access-lead = Whoever may read the collection { $s } may read this document, unless it is restricted further. Editors of the collection always may.
document-access-who = This document may be read by
document-access-all = whoever may read the collection
document-access-some = only these groups
document-superseded = This is an earlier version, kept because an answer cites it.
document-current = Read the current version
document-jump = Go to the cited passage
document-table = Table
document-empty = This page holds no text.
document-image = Image of page { $n }
document-image-marked = with the cited words marked
document-printed = printed “{ $s }”
unit--page = Page
unit--slide = Slide
unit--sheet = Sheet
unit--part = Part
previous--page = Previous page
previous--slide = Previous slide
previous--sheet = Previous sheet
previous--part = Previous part
next--page = Next page
next--slide = Next slide
next--sheet = Next sheet
next--part = Next part
steps-of = of { $n }
steps-go = Go
rows = rows { $s }
rows-of = of { $s }

# Administration
people = People
groups = Groups
collections = Collections
role--reader = Reader
role--editor = Editor
role--auditor = Auditor
role--administrator = Administrator
role-may--reader = asks and reads
role-may--editor = publishes, too, where their groups may edit
role-may--auditor = sees, too, who was told what
role-may--administrator = may do everything
person-active = active
person-invited = invited
person-disabled = disabled
person-reset = Link to a new password
person-invite-again = New invitation
person-end-sessions = Sign out everywhere, programs too
person-view-as = See what they get
person-disable = Disable
person-enable = Enable
invite = Invite somebody
invite-do = Invite
link-for = Link for { $s }
link-once = Hand it over yourself: it is shown this once, and works once.
link-until = It can be opened until { $s }.
groups-lead = Rights are given to groups. Who is in a group is decided on the page of each person.
groups-none = There is no group yet.
everyone = Everyone
group-members = { $n ->
    [one] One person
   *[other] { $n } people
}
group-new = New group
group-example = For example: Works council
group-delete-named = Delete the group { $s }
collections-lead = Each collection is read by the groups that are given the right to, and by administrators. A right that is taken away is gone at the next request.
collection-new = New collection
collection-example = For example: HR policies
access--none = may not read
access--read = may read
access--edit = may read and publish

# Audit
audit-who = Who
audit-what = What
audit-when = When (UTC)
audit-number = No.
audit-object = To what
audit-details = Details
audit-anybody = anybody
audit-anything = anything
audit-find = Find
audit-count = { $n ->
    [one] One record
   *[other] { $n } records
}
audit-all = Show all
audit-older = Older records
audit-record = The record, whole
audit-given = The answer
audit-shown = { $n ->
    [one] One quote was shown while it was being answered
   *[other] { $n } quotes were shown while it was being answered
}
audit-as-written = as written
yes = yes
no = no
detail--query = words
detail--passages = passages
detail--page = page
detail--image = picture of page
detail--find = looked for
detail--path = file
detail--name = name
detail--reason = reason
detail--role = role
detail--access = right
detail--status = answer
detail--verdict = opinion
detail--comment = comment
detail--question = question
detail--text = text
detail--groups = groups
detail--viewing_as = viewed as
detail--publishes = may publish
detail--records = records
detail--pseudonymous = under pseudonyms
detail--pseudonym = of
detail--group = group
verdict--helpful = helped
verdict--wrong = wrong
verdict--missing = something is missing
detail--by = by
detail--before = before
detail--expires_at = until
detail--agent = browser
pseudonym = pseudonym
actor--operator = the command line
actor--nobody = nobody who is known
object--session = Session
object--group = Group
object--collection = Collection
object--document = Document
object--conversation = Conversation
object--answer = Answer
status--open = not finished
status--answered = answered
status--quoted = quoted
status--abstained = not found
action--session-started = signed in
action--session-refused = was refused to sign in
action--session-ended = signed out
action--session-revoked = ended sessions
action--view_as-started = began to view as
action--view_as-ended = ceased to view as
action--person-invited = invited
action--person-joined = joined
action--person-changed = changed a person
action--person-disabled = disabled
action--person-enabled = enabled
action--password-changed = changed the password
action--reset_link-made = made a link to a new password
action--group-created = created a group
action--group-deleted = deleted a group
action--group-members_changed = changed the groups of
action--collection-created = created a collection
action--collection-grant_changed = changed the rights in
action--document-published = published
action--document-deleted = deleted a document
action--document-restricted = decided who may read
action--document-seen = read
action--document-downloaded = downloaded
action--question-asked = asked
action--answer-given = was answered
action--answer-seen = looked at an answer
action--conversation-shared = shared a conversation
action--conversation-unshared = ceased to share a conversation
action--search-made = searched
action--search-source_sought = looked for a source
action--audit-read = looked at the trail
action--audit-record_read = looked at the record of
action--audit-exported = exported the trail
action--audit-cut = forgot the older part of the trail

# What goes wrong
error-title-not-found = Not found
error-title-invalid = That did not work
error-title-forbidden = Not for you
error-title-signed-out = You are signed out
error-title-busy = Please try again in a moment
error-title-internal = Something went wrong
error-to-ask = Ask a question
error-to-documents = Look through the documents
error-internal = Something went wrong on our side. It has been written to the log; please try again.
error-question-empty = The question is empty. Type what you want to know.
error-question-long = The question has { $n } characters, and { $s } is the limit. Ask for one thing at a time.
error-filter-type = There is no document type “{ $s }”. Use one or several of { $t }, separated by commas.
error-filter-language = No document can be in the language “{ $s }”. Use one or several of { $t }, separated by commas.
error-filter-date = “{ $s }” is no date. Write year, month and day, as in 2024-12-31.
error-filter-order = No day is both since { $s } and until { $t }. Let the first be the earlier one.
error-index-mending = The search index lacks { $n ->
    [one] a passage
   *[other] { $n } passages
} and is being made whole. Ask again in a few minutes.
error-index-lacking = The search index lacks { $n ->
    [one] a passage
   *[other] { $n } passages
}, and half of it would give wrong answers. Whoever runs the server can make it whole with “footnote doctor”.
error-busy = Too much is going on right now. Please try again in a moment.
error-signed-out = Your session has ended. Please sign in again.
error-not-started = Nobody administers this portal yet. Whoever runs it finds a link on the console of the server.
error-forbidden = Your role doesn’t allow this. An administrator can change that.
error-foreign-form = This form was sent by another site. Open the portal itself and do it there.
error-misdirected = This portal listens on this machine only: open it as http://127.0.0.1.
error-no-page = There is no page at this address.
error-missing = That is not there any more.
error-link = This link was used already, or is too old. An administrator can give you a new one.
error-no-document = There is no such document here. It may have been deleted since the link was made, or you may not read it.
error-no-such-page = This document has no page { $s }; it has { $n }, counted from 1.
error-no-image = There is no image of this page.
error-no-original = The file of this document is not kept.
error-drawing-busy = Many pages are being drawn right now: try again in a moment.
error-no-collection = There is no collection “{ $s }” that you may read.
error-no-conversation = There is no such conversation here, or it isn’t shared with you.
error-nothing-asked = No question waits here.
error-date = “{ $s }” is no date: write it as 2026-12-31.
error-email = “{ $s }” is no e-mail address: write it as name@company.example.
error-email-taken = There is somebody with the address { $s } already.
error-name = A name has 1 to { $n } characters.
error-name-taken = The name “{ $s }” is taken: choose another.
error-password-short = This password has fewer than 12 characters.
error-password-long = This password has more than 128 characters.
error-password-guessable = This password is easy to guess. Several words that don’t belong together are a good one.
error-credentials = Address or password is wrong.
error-locked = { $n ->
    [one] Too many attempts. Try again in a minute.
   *[other] Too many attempts. Try again in { $n } minutes.
}
error-last-administrator = This is the last administrator: make somebody else one before.

# Publishing
menu-publish = Publish
publish-lead = Files are read in the order in which they come. A file of the same name is a new version of the document that is there.
publish-no-collection = There is no collection to publish in. Make one first.
publish-files = Files
publish-limit = PDF, Word, Excel, PowerPoint, OpenDocument, mail, web pages, text and ZIP, up to { $n } MB each. You can drop them here.
publish-do = Publish
publish-sending = Sending
publish-refused = These files were not taken:
publish-nothing = No file was chosen.
publish-recent = Published lately
publish-refresh = Not all are read yet. Look again
job-waiting = waits to be read
job-running = is being read
job-page = page { $n }
job-done = can be asked now
job-replaced = was replaced by a newer version before it was read
job-unchanged = was there already, unchanged
job-partly = { $n ->
    [one] can be asked now, but for one file in it that could not be read
   *[other] can be asked now, but for { $n } files in it that could not be read
}
job-failed = could not be read:
job-kept = Its earlier version can still be asked.
job-no-collection = Its collection is not there any more. Publish the file in another.
job-restricted = The document was restricted to some groups meanwhile, and stays where it is. Lift the restriction first.
job-other-file = Another file of that name was published there meanwhile, or a new version here. Both documents stay.
kind--png-image = a PNG image
kind--jpeg-image = a JPEG image
kind--gif-image = a GIF image
kind--tiff-image = a TIFF image
kind--webp-image = a WebP image
kind--bmp-image = a BMP image
kind--postscript-file = a PostScript file
kind--gzip-archive = a gzip archive
kind--7z-archive = a 7z archive
kind--rar-archive = a RAR archive
kind--bzip2-archive = a bzip2 archive
kind--zstd-archive = a zstd archive
kind--program = a program
kind--audio-file = an audio file
kind--audio-or-video-file = an audio or video file
kind--video-or-heic-image = a video or HEIC image
kind--database = a database
kind--plain-text = plain text
kind--something-else = something else
kind--old-word-document = an old Word document
kind--old-powerpoint-presentation = an old PowerPoint presentation
unread--empty = The file is empty.
unread--misnamed = The file is not what its name says, but { $s }. Give it its right ending, or publish the document that it should be.
unread--unsupported = This kind of file can’t be read ({ $s }). Save it as PDF, in a current Office format, as a web page or as text.
unread--needs-libreoffice = LibreOffice is needed to read this ({ $s }). Have it installed on the server, or save the file in a current Office format.
unread--not-converted = LibreOffice could not convert the file. Open it in the program that it comes from, and save it in a current Office format.
unread--too-slow = Reading the file took more than { $n } seconds and was given up. Split it, or save it again from its program.
unread--damaged = The file is damaged ({ $s }). Open it in the program that it comes from, save it again and publish that.
unread--encrypted = The file is encrypted. Publish a copy without a password.
unread--no-words = The file holds no text. Its pages are empty, or pictures in which no words were found.
unread--no-text = The file holds no text to read. Is it the right one?
unread--binary = The file holds no text, but other data. Is it the right one?
unread--too-large = The file unpacks to more than { $n } MB. Split it into smaller documents.
unread--too-many-files = The file holds more than { $n } files. Split it into smaller ones.
unread--too-many-cells = The file holds more than { $n } filled cells. Split it into smaller documents.
unread--too-deep = The file nests its elements more than { $n } deep, as no ordinary document does. Save it again from its program.
unread--missing-tool = { $s } is needed to read this, and is not installed. Whoever runs the server can run the set-up again.
unread--too-much-memory = Reading the file needs more than { $n } MB of memory, as no ordinary document does. Save it again from its program.
unread--no-recognition = The file holds scanned pages, and the recognition of text failed ({ $s }). Whoever runs the server can install its languages.
unread--no-reader = What reads files could not be started ({ $s }). Whoever runs the server should know.
unread--stopped = Reading stopped unexpectedly. Open the file in the program that it comes from, and save it again.
document-delete-what = It is gone at once for everybody, with all its earlier versions. What was answered from it stays in the audit trail.
document-delete-do = Delete for good
error-no-collection-chosen = No collection was chosen.
error-too-many-files = These are too many files at once. Send at most 1000.
error-upload-lost = The file did not arrive whole. Please send it again.
error-no-document-type = This kind of file can’t be read as a document.
error-file-too-large = The file has more than { $n } MB.
error-file-empty = The file is empty.
error-file-name = A file can’t be published under the name “{ $s }”. Rename it.

# Searching
menu-search = Search
search-label = Words or a question
search-do = Search
search-found = Passages
search-none = Nothing that you may read was found. Try other words.
job-deleted = It was deleted before it was read.

# Programs
tokens = Tokens for programs
tokens-lead = A program that shows a token acts with your rights: it asks, searches and reads what you may read.
token-name = What it is for
token-example = For example: Intranet search
token-lasts = It lasts
token-for-ever = until it is revoked
token-may-publish = It may publish and delete, too, where you may
token-create = Make a token
token-made = Your new token.
token-once = It is shown this once: copy it now.
token-since = made on { $s }
token-used = used last on { $s }
token-unused = never used
token-until = until { $s }
token-publishes = may publish
token-revoke = Revoke
token-revoke-named = Revoke the token { $s }
token-revoked = The token is revoked: nothing can use it any more.
days = { $n ->
    [one] One day
   *[other] { $n } days
}
error-token = No token was sent that can be used: send one as “Authorization: Bearer …”. You make one in the portal, under your name.
error-no-such-model = There is no model “{ $s }”: use “footnote”, or “footnote/” with the name of a collection.
error-too-many-tokens = You have { $n } tokens already: revoke one that nothing uses.
error-too-often = { $n ->
    [one] That was a lot at once. Try again in a second.
   *[other] That was a lot at once. Try again in { $n } seconds.
}

# What people say of answers, and what editors answer
opinion-ask = Did this help?
opinion-helpful = It helped
opinion-not-helpful = Something is wrong or missing
opinion-comment = What is it? (You may leave this empty.)
opinion-where = The editors of the documents will see your question and what you write here, without your name.
opinion-wrong = It is wrong
opinion-missing = Something is missing
opinion--helpful = You said that this helped.
opinion--wrong = You said that this is wrong.
opinion--missing = You said that something is missing.
opinion-handed-on = The editors see the question now.
answer-handed-on = The question has gone to the editors of the documents, without your name.
answer-verified = Answered by { $s }, who edits these documents, on { $day }.
answer-since = An editor has answered this question since: ask again to see it.
menu-questions = Open questions
questions-lead = What the documents did not answer, and what people found wrong or missing. What you answer with a source is found first by whoever asks the same and may read the source.
questions-none = No question waits.
questions-answered = Answered by editors
open-refused = { $n ->
    [one] asked once without an answer
   *[other] asked { $n } times without an answer
}
open-wrong = { $n ->
    [one] an answer was called wrong
   *[other] { $n } answers were called wrong
}
open-missing = { $n ->
    [one] something was missing in an answer
   *[other] something was missing in { $n } answers
}
open-last = last on { $s }
open-comments = What people wrote
open-dismiss = Close without an answer
verified-find = Look for a source with other words
verified-source = The passage that answers it
verified-read = Read it in the document
verified-no-source = No passage was found in the collections that you may edit. Look with other words, or publish a document that answers it.
verified-text = The answer
verified-text-hint = In one or a few sentences that say no more than the passage does. Up to 2000 characters.
verified-do = Answer
verified-doubts = The passage does not seem to carry this:
verified-doubts-what = Choose another passage, say it as the passage does, or confirm below that it does.
verified-sure = I have compared it: the passage says so
verified-stale = not shown any more: its source has changed or is gone
verified-retire = Take back
verified-retire-named = Take back the answer to { $s }
error-answer-length = An answer has 1 to { $n } characters.
error-no-source = Choose a passage that carries the answer. The one that was chosen is no source any more, or none was chosen.

# Usage, jobs and health
usage = Usage
usage-asked = Questions
usage-refused = Not answered
usage-stopped = Stopped before the end
usage-slow = Took longer than { $n } seconds
usage-median = Half were answered within
usage-p95 = 95 of 100 were answered within
usage-days = Questions a day
usage-chart = Questions of each day, and those that were not answered; the table below has the figures
usage-most = { $n ->
    [one] At most one question a day.
   *[other] At most { $n } questions a day.
}
usage-table = As a table
usage-day = Day
usage-cited = Cited most
usage-nothing = Nothing was cited yet.
usage-times = { $n ->
    [one] once
   *[other] { $n } times
}
usage-unanswered = Without an answer
jobs = Jobs
jobs-all = All
jobs-failed = Failed
jobs-none = There is nothing here.
job-retry = Read it again
job-retry-named = Read { $s } again
health = Health
vital--version = Version
vital--documents = Documents
vital--index = Index
vital--language-model = Language model
vital--embedding-model = Embedding model
vital--disk = Disk
vital-documents = { $n ->
    [one] one document
   *[other] { $n } documents
}
vital-pages = { $n ->
    [one] one page
   *[other] { $n } pages
}
vital-passages = { $n ->
    [one] one passage
   *[other] { $n } passages
}
vital-index-complete = complete
vital-index-mending = { $n ->
    [one] One passage is being put back. Questions wait until then.
   *[other] { $n } passages are being put back. Questions wait until then.
}
vital-index-lacking = { $n ->
    [one] One passage is missing. Stop the portal and run “footnote doctor”.
   *[other] { $n } passages are missing. Stop the portal and run “footnote doctor”.
}
vital-disk-free = { $s } GiB free in the data directory
vital-unknown = It can’t be looked at: { $s }
writing--passed = { $s } writes answers. It has passed the exam.
writing--not-passed = { $s } writes answers, though it has not passed the exam.
writing--untried = { $s } writes answers and has not taken the exam. Run “footnote eval exam”.
writing--quotes = { $s } has not passed the exam, so answers are quotes.
writing--down = Answers are quotes until this is mended: { $s }
writing--off = It is switched off, so answers are quotes.
writing-grade = In the exam { $n }% of its answers were right, { $s }% wrong.
vital-well = well
vital-unwell = needs attention
object--token = Token
object--question = Question
object--verified_answer = Answer of an editor
action--token-created = made a token
action--token-revoked = revoked a token
action--feedback-given = said what they think of
action--question-closed = closed without an answer
action--verified_answer-given = answered as an editor
action--verified_answer-retired = took back an editor’s answer

# Within a document, and its upkeep
within-label = Find in this document
within-found = { $n ->
    [0] This document does not say that.
    [one] Found at one place
   *[other] Found at { $n } places
}
outline = Contents
reader-close = Close
reader-alone = Open by itself
document-upkeep = Read again, move or delete
document-again = Read again
document-again-what = Reads the file once more: with other settings, or a newer version of Footnote, its text may come out better.
document-move = Move
document-move-what = Move it to the collection
error-not-published-here = The file of this document is not kept by the portal: it is in a folder on the server, and moved or read again there.
error-restricted-move = This document is restricted to some groups. In another collection it would be open to all who read that: lift the restriction first.
watch-indexed = { $n ->
    [one] one document is new or changed
   *[other] { $n } documents are new or changed
}
watch-deleted = { $n ->
    [one] one is gone
   *[other] { $n } are gone
}
watch-failed = { $n ->
    [one] one file could not be read
   *[other] { $n } files could not be read
}
watch-held = { $n ->
    [one] one file is missing, and its document was kept
   *[other] { $n } files are missing, and their documents were kept
}
watch-not-looked = This folder

# A trail that names nobody
audit-forgotten = not in the trail any more
audit-pseudonymous = What people do as users is written under pseudonyms. Two administrators together can open one.
disclosures = Opened pseudonyms
disclosures-lead = One administrator asks and says why, another agrees. From then on, and for a day, the trail tells who it is. Both are recorded.
disclosures-none = None is open, and none waits.
disclosure-asked = asked by { $s }
disclosure-approved = agreed to by { $s }
disclosure-waits = waits for a second administrator
disclosure-approve = Agree
disclosure-new = Ask to open a pseudonym
disclosure-pseudonym = The pseudonym, as the trail has it
disclosure-reason = Why
disclosure-request = Ask
error-no-pseudonym = The trail knows no such pseudonym.
error-no-reason = Say why it is to be opened.
error-second-administrator = A pseudonym is opened by two administrators: somebody else must agree.
action--audit-privacy_changed = changed whether the trail names people
action--pseudonym-requested = asked to open a pseudonym
action--pseudonym-opened = agreed to open a pseudonym

# What files and languages are called
format--markdown = Markdown
format--web-page = Web page
format--text = Text
format--csv-table = CSV table
format--rtf = RTF
format--word = Word
format--opendocument-text = OpenDocument text
format--powerpoint = PowerPoint
format--opendocument-presentation = OpenDocument presentation
format--excel = Excel
format--opendocument-spreadsheet = OpenDocument spreadsheet
format--e-mail = E-mail
format--pdf = PDF
format--zip-archive = ZIP archive
language--english = English
language--german = German
language--french = French
language--spanish = Spanish
language--italian = Italian
language--portuguese = Portuguese
language--dutch = Dutch
language--danish = Danish
language--swedish = Swedish
language--bokmal = Norwegian
language--finnish = Finnish
language--hungarian = Hungarian
language--romanian = Romanian
language--turkish = Turkish
language--russian = Russian
language--greek = Greek
language--arabic = Arabic
language--tamil = Tamil
language--polish = Polish
language--czech = Czech
language--slovak = Slovak
language--croatian = Croatian
language--vietnamese = Vietnamese
language--indonesian = Indonesian
language--catalan = Catalan
language--ukrainian = Ukrainian
language--bulgarian = Bulgarian
language--serbian = Serbian
language--persian = Persian
language--urdu = Urdu
language--hindi = Hindi
language--mandarin = Chinese
language--japanese = Japanese
language--korean = Korean
