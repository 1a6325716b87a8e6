# What the portal says, in German. Keys with "--" are families: the code adds what comes after.

skip = Zum Inhalt springen
menu = Hauptmenü
menu-open = Menü
menu-ask = Fragen
menu-conversations = Gespräche
menu-documents = Dokumente
menu-audit = Protokoll
menu-administration = Verwaltung
foot = Die Antworten kommen aus Ihren Dokumenten und bleiben in Ihrem Netz.
viewing-as = Sie sehen, was { $s } zu sehen bekäme.
viewing-as-end = Zurück zur eigenen Ansicht
mark-decimal = {","}
mark-thousands = {"."}
date = { $day }. { $month } { $year }
month--1 = Januar
month--2 = Februar
month--3 = März
month--4 = April
month--5 = Mai
month--6 = Juni
month--7 = Juli
month--8 = August
month--9 = September
month--10 = Oktober
month--11 = November
month--12 = Dezember
since = seit dem { $s }
lists = Blättern
list-previous = Zurück
list-next = Weiter
name = Name
email = E-Mail-Adresse
role = Rolle
state = Stand
save = Speichern
create = Anlegen
delete = Löschen

# Signing in
sign-in = Anmelden
sign-in-forgotten = Passwort vergessen? Wer das Portal verwaltet, kann Ihnen einen Link geben, über den Sie ein neues wählen.
sign-out = Abmelden
password = Passwort
password-new = Neues Passwort
password-present = Bisheriges Passwort
password-hint = Mindestens 12 Zeichen. Gut sind mehrere Wörter, die nicht zusammengehören.
password-change = Passwort ändern
password-changed = Ihr Passwort ist geändert, und Ihre anderen Sitzungen sind beendet.
start-title = Footnote einrichten
start-lead = Außer Ihnen ist noch niemand hier. Legen Sie Ihr Konto an: Mit ihm verwalten Sie alles Weitere.
start-do = Mein Konto anlegen
join-title = Passwort wählen
join-hello = Guten Tag, { $s }
join-lead = Wählen Sie ein Passwort für { $s }. Mit beidem melden Sie sich an.
join-do = Speichern und anmelden
account = Ihr Konto
account-language = Sprache des Portals
account-language-browser = wie im Browser eingestellt
sessions = Wo Sie angemeldet sind
session-since = seit dem { $s }
session-own = diese Sitzung
sessions-end = Überall sonst abmelden
sessions-ended = Ihre anderen Sitzungen sind beendet.

# Asking
ask = Fragen
ask-title = Fragen Sie Ihre Dokumente
ask-lead = Eine kurze Antwort, und zu jedem Satz die Stelle, auf die er sich stützt.
ask-label = Was möchten Sie wissen?
ask-example = Zum Beispiel: Kann ich Urlaub ins nächste Jahr übertragen?
ask-follow = Nachfragen oder etwas anderes fragen
ask-follow-example = Zum Beispiel: Und bei Teilzeit?
ask-in = Sammlung
ask-looking = Die Dokumente werden durchsucht
ask-reading = Die Stellen werden gelesen
ask-stop = Abbrechen
ask-stopped = Abgebrochen.
ask-lost = Die Verbindung ist abgerissen. Bitte fragen Sie noch einmal.
ask-again = Noch einmal fragen
copy = Mit Quellen kopieren
copied = Kopiert
all-collections = alle Sammlungen
collection = Sammlung
filter = Eingrenzen
filter-type = Dateityp
filter-all-types = alle Dateitypen
filter-language = Sprache
filter-all-languages = alle Sprachen
filter-since = Ab
filter-until = Bis
shelf-empty = Noch nichts zu lesen
shelf-empty-administrator = Fügen Sie auf dem Server Dokumente hinzu, und geben Sie einer Gruppe das Recht, die Sammlung zu lesen, in der sie liegen:
shelf-empty-reader = Bisher dürfen Sie kein Dokument lesen. Wer das Portal verwaltet, kann Ihnen das Recht dazu geben.
shelf-count = { $n ->
    [one] Sie können ein Dokument befragen
   *[other] Sie können { $n } Dokumente befragen
}
shelf-all = Alle ansehen
answer-passages = Stellen, die etwas dazu sagen
answer-nearby = Keine Antwort, aber thematisch nah
answer-queued = { $n ->
    [0] Ihre Antwort wird als nächste geschrieben. Die Stellen sind schon da.
    [one] Vor Ihrer Antwort wird noch eine andere geschrieben. Die Stellen sind schon da.
   *[other] Vor Ihrer Antwort werden noch { $n } andere geschrieben. Die Stellen sind schon da.
}
answer-failed = Diese Frage konnte nicht beantwortet werden.
answer-understood = Verstanden als: { $s }
answer-conflict = Die Dokumente widersprechen sich.
answer-corrected-from = „{ $s }“ steht in keinem Dokument, das Sie lesen dürfen.
answer-corrected-to = Stattdessen wurde nach „{ $s }“ gesucht.
answer-corrected-hint = Setzen Sie das Wort in Anführungszeichen, um genau danach zu suchen.
answer-checked = Jeder Satz wurde mit der Stelle abgeglichen, zu der seine Fußnote führt.
answer-quoted = Im Wortlaut der Dokumente.
answer-quoted-more = Die Stellen unten sagen etwas zur Frage; hinzugefügt wurde nichts.
answer-abstained = Dazu habe ich in den Dokumenten, die Sie lesen dürfen, nichts gefunden.
answer-abstained-near = Die Stellen unten kommen der Frage am nächsten, beantworten sie aber vielleicht nicht.
answer-no-model = Das hat kein Sprachmodell geschrieben.
answer-unfinished = Diese Antwort wurde abgebrochen, bevor sie fertig war.
answer-withheld = Hier fehlt etwas: Seine Quelle wurde gelöscht, oder Sie dürfen sie nicht lesen.
footnote = Fußnote
conversation-new = Neue Frage
conversation-earlier = Frühere Fragen
conversation-latest = Zu den neuesten Fragen
conversation-share = Im Unternehmen freigeben
conversation-unshare = Freigabe beenden
conversation-delete = Gespräch löschen
conversation-shared = freigegeben
conversation-is-shared = Wer sich anmelden kann und diese Adresse hat, darf mitlesen. Alle sehen nur die Quellen, die sie selbst lesen dürfen:
conversation-shared-by = Freigegeben von { $s }. Quellen, die Sie nicht lesen dürfen, sind weggelassen.
conversations-none = Sie haben noch nichts gefragt.
scan--page-sure = Diese Seite wurde aus einem Scan gelesen.
scan--page-unsure = Diese Seite wurde aus einem schwer lesbaren Scan gelesen (zu { $n } % sicher): Vergleichen Sie sie mit dem Bild.
scan--passage-sure = Diese Stelle wurde aus einem Scan gelesen.
scan--passage-unsure = Diese Stelle wurde aus einem schwer lesbaren Scan gelesen (zu { $n } % sicher): Vergleichen Sie sie mit dem Bild.
scan--cited-sure = Die zitierte Stelle wurde aus einem Scan gelesen.
scan--cited-unsure = Die zitierte Stelle wurde aus einem schwer lesbaren Scan gelesen (zu { $n } % sicher): Vergleichen Sie sie mit dem Bild.
place--page = Seite
place--slide = Folie
place--sheet = Blatt

# Documents
documents-find-label = Nach Titel oder Dateiname suchen
documents-find-hint = Titel oder Dateiname
documents-find = Suchen
documents-count = { $n ->
    [one] Ein Dokument
   *[other] { $n } Dokumente
}
documents-with = mit „{ $s }“
documents-none = Nichts gefunden.
documents-show-all = Alle Dokumente zeigen
count--page = { $n ->
    [one] 1 Seite
   *[other] { $n } Seiten
}
count--slide = { $n ->
    [one] 1 Folie
   *[other] { $n } Folien
}
count--sheet = { $n ->
    [one] 1 Blatt
   *[other] { $n } Blätter
}
document-original = Datei herunterladen
document-access = Leserechte
document-access-lead = Wer die Sammlung { $s } lesen darf, darf auch dieses Dokument lesen, sofern es nicht weiter eingeschränkt ist. Wer in der Sammlung veröffentlichen darf, darf es immer lesen.
document-access-who = Dieses Dokument dürfen lesen
document-access-all = alle, die die Sammlung lesen dürfen
document-access-some = nur diese Gruppen
document-superseded = Dies ist eine frühere Fassung. Sie bleibt erhalten, weil eine Antwort sie zitiert.
document-current = Aktuelle Fassung lesen
document-jump = Zur zitierten Stelle
document-table = Tabelle
document-empty = Diese Seite enthält keinen Text.
document-image = Bild von Seite { $n }
document-image-marked = mit Hervorhebung der zitierten Wörter
document-printed = gedruckt als „{ $s }“
unit--page = Seite
unit--slide = Folie
unit--sheet = Blatt
unit--part = Teil
previous--page = Vorige Seite
previous--slide = Vorige Folie
previous--sheet = Voriges Blatt
previous--part = Voriger Teil
next--page = Nächste Seite
next--slide = Nächste Folie
next--sheet = Nächstes Blatt
next--part = Nächster Teil
steps-of = von { $n }
steps-go = Anzeigen
rows = Zeilen { $s }
rows-of = von { $s }

# Administration
people = Personen
groups = Gruppen
collections = Sammlungen
role--reader = Lesen
role--editor = Redaktion
role--auditor = Revision
role--administrator = Verwaltung
role-may--reader = fragt und liest
role-may--editor = veröffentlicht außerdem, wo die eigenen Gruppen es dürfen
role-may--auditor = sieht außerdem, wer welche Auskunft bekam
role-may--administrator = darf alles
person-active = aktiv
person-invited = eingeladen
person-disabled = gesperrt
person-reset = Link für ein neues Passwort
person-invite-again = Neue Einladung
person-end-sessions = Überall abmelden, auch Programme
person-view-as = Zeigen, was diese Person sieht
person-disable = Sperren
person-enable = Entsperren
invite = Jemanden einladen
invite-do = Einladen
link-for = Link für { $s }
link-once = Geben Sie ihn selbst weiter: Er wird nur dieses eine Mal gezeigt und gilt nur einmal.
link-until = Er lässt sich bis zum { $s } öffnen.
groups-lead = Rechte erhalten die Gruppen. Wer zu einer Gruppe gehört, wird auf der Seite der jeweiligen Person festgelegt.
groups-none = Es gibt noch keine Gruppe.
everyone = Alle
group-members = { $n ->
    [one] Eine Person
   *[other] { $n } Personen
}
group-new = Neue Gruppe
group-example = Zum Beispiel: Betriebsrat
group-delete-named = Gruppe { $s } löschen
collections-lead = Eine Sammlung lesen die Gruppen, die das Recht dazu haben, und alle mit der Rolle Verwaltung. Ein entzogenes Recht gilt schon bei der nächsten Anfrage nicht mehr.
collection-new = Neue Sammlung
collection-example = Zum Beispiel: Personalrichtlinien
access--none = darf nicht lesen
access--read = darf lesen
access--edit = darf lesen und veröffentlichen

# Audit
audit-who = Wer
audit-what = Was getan wurde
audit-when = Wann (UTC)
audit-number = Nr.
audit-object = Betrifft
audit-details = Einzelheiten
audit-anybody = alle
audit-anything = alles
audit-find = Suchen
audit-count = { $n ->
    [one] Ein Eintrag
   *[other] { $n } Einträge
}
audit-all = Alle zeigen
audit-older = Ältere Einträge
audit-record = Der vollständige Eintrag
audit-given = Die Antwort
audit-shown = { $n ->
    [one] Ein Zitat wurde beim Antworten gezeigt
   *[other] { $n } Zitate wurden beim Antworten gezeigt
}
audit-as-written = im Wortlaut
yes = ja
no = nein
detail--query = Wörter
detail--passages = Stellen
detail--page = Seite
detail--image = Bild der Seite
detail--find = gesucht
detail--path = Datei
detail--name = Name
detail--reason = Grund
detail--role = Rolle
detail--access = Recht
detail--status = Antwort
detail--verdict = Meinung
detail--comment = Bemerkung
detail--question = Frage
detail--text = Text
detail--groups = Gruppen
detail--viewing_as = in der Ansicht von
detail--publishes = darf veröffentlichen
detail--records = Einträge
detail--pseudonymous = unter Pseudonymen
detail--pseudonym = von
detail--group = Gruppe
verdict--helpful = hat geholfen
verdict--wrong = falsch
verdict--missing = etwas fehlt
detail--by = durch
detail--before = vor
detail--expires_at = bis
detail--agent = Browser
pseudonym = Pseudonym
actor--operator = die Befehlszeile
actor--nobody = unbekannt
object--session = Sitzung
object--group = Gruppe
object--collection = Sammlung
object--document = Dokument
object--conversation = Gespräch
object--answer = Antwort
status--open = nicht abgeschlossen
status--answered = beantwortet
status--quoted = zitiert
status--abstained = nicht gefunden
action--session-started = angemeldet
action--session-refused = bei der Anmeldung abgewiesen
action--session-ended = abgemeldet
action--session-revoked = Sitzungen beendet
action--view_as-started = Ansicht einer anderen Person begonnen
action--view_as-ended = Ansicht einer anderen Person beendet
action--person-invited = Person eingeladen
action--person-joined = Einladung angenommen
action--person-changed = Person geändert
action--person-disabled = Person gesperrt
action--person-enabled = Person entsperrt
action--password-changed = Passwort geändert
action--reset_link-made = Link für ein neues Passwort erstellt
action--group-created = Gruppe angelegt
action--group-deleted = Gruppe gelöscht
action--group-members_changed = Gruppenzugehörigkeit geändert
action--collection-created = Sammlung angelegt
action--collection-grant_changed = Rechte an Sammlung geändert
action--document-published = Dokument veröffentlicht
action--document-deleted = Dokument gelöscht
action--document-restricted = Leserechte festgelegt
action--document-seen = Dokument gelesen
action--document-downloaded = Dokument heruntergeladen
action--question-asked = Frage gestellt
action--answer-given = Antwort erhalten
action--answer-seen = Antwort angesehen
action--conversation-shared = Gespräch freigegeben
action--conversation-unshared = Freigabe eines Gesprächs beendet
action--search-made = gesucht
action--search-source_sought = Quelle gesucht
action--audit-record_read = Eintrag angesehen zu
action--audit-read = Protokoll angesehen
action--audit-exported = Protokoll exportiert
action--audit-cut = älteren Teil des Protokolls gelöscht

# What goes wrong
error-title-not-found = Nicht gefunden
error-title-invalid = Das hat nicht geklappt
error-title-forbidden = Nicht erlaubt
error-title-signed-out = Sie sind abgemeldet
error-title-busy = Bitte versuchen Sie es gleich noch einmal
error-title-internal = Etwas ist schiefgegangen
error-to-ask = Eine Frage stellen
error-to-documents = Dokumente durchsehen
error-internal = Bei uns ist etwas schiefgegangen. Es ist im Fehlerprotokoll festgehalten; bitte versuchen Sie es noch einmal.
error-question-empty = Die Frage ist leer. Schreiben Sie, was Sie wissen möchten.
error-question-long = Die Frage hat { $n } Zeichen, höchstens { $s } sind möglich. Fragen Sie nach einer Sache auf einmal.
error-filter-type = Es gibt keine Art von Dokument „{ $s }“. Möglich sind, mit Kommas dazwischen: { $t }.
error-filter-language = Kein Dokument kann in der Sprache „{ $s }“ sein. Möglich sind, mit Kommas dazwischen: { $t }.
error-filter-date = „{ $s }“ ist kein Datum. Schreiben Sie Jahr, Monat und Tag, wie 2024-12-31.
error-filter-order = Das erste Datum ({ $s }) liegt nach dem zweiten ({ $t }). Vertauschen Sie die beiden.
error-index-mending = Dem Suchindex { $n ->
    [one] fehlt eine Stelle
   *[other] fehlen { $n } Stellen
}, und er wird gerade vervollständigt. Fragen Sie in einigen Minuten noch einmal.
error-index-lacking = Dem Suchindex { $n ->
    [one] fehlt eine Stelle
   *[other] fehlen { $n } Stellen
}, und ein halber gäbe falsche Antworten. Wer den Server betreibt, kann ihn mit „footnote doctor“ vervollständigen.
error-busy = Gerade ist zu viel los. Bitte versuchen Sie es gleich noch einmal.
error-signed-out = Ihre Sitzung ist beendet. Bitte melden Sie sich wieder an.
error-not-started = Dieses Portal verwaltet noch niemand. Wer es betreibt, findet einen Link auf der Konsole des Servers.
error-forbidden = Ihre Rolle erlaubt das nicht. Wer das Portal verwaltet, kann das ändern.
error-foreign-form = Dieses Formular kam von einer anderen Website. Öffnen Sie das Portal selbst, und tun Sie es dort.
error-misdirected = Dieses Portal ist nur auf diesem Rechner erreichbar: Öffnen Sie es unter http://127.0.0.1.
error-no-page = Unter dieser Adresse gibt es keine Seite.
error-missing = Das gibt es nicht mehr.
error-link = Dieser Link wurde schon benutzt oder ist zu alt. Wer das Portal verwaltet, kann Ihnen einen neuen geben.
error-no-document = Ein solches Dokument gibt es hier nicht. Vielleicht wurde es gelöscht, nachdem der Link entstanden ist, oder Sie dürfen es nicht lesen.
error-no-such-page = Dieses Dokument hat keine Seite { $s }; gezählt wird von 1 bis { $n }.
error-no-image = Von dieser Seite gibt es kein Bild.
error-no-original = Die Datei dieses Dokuments wird nicht aufbewahrt.
error-drawing-busy = Gerade werden viele Seiten gezeichnet: Versuchen Sie es gleich noch einmal.
error-no-collection = Es gibt keine Sammlung „{ $s }“, die Sie lesen dürfen.
error-no-conversation = Ein solches Gespräch gibt es hier nicht, oder es ist nicht für Sie freigegeben.
error-nothing-asked = Hier wartet keine Frage.
error-date = „{ $s }“ ist kein Datum: Schreiben Sie es in der Form 2026-12-31.
error-email = „{ $s }“ ist keine E-Mail-Adresse: Schreiben Sie sie in der Form name@firma.example.
error-email-taken = Die Adresse { $s } ist schon vergeben.
error-name = Ein Name hat 1 bis { $n } Zeichen.
error-name-taken = Der Name „{ $s }“ ist schon vergeben: Wählen Sie einen anderen.
error-password-short = Dieses Passwort hat weniger als 12 Zeichen.
error-password-long = Dieses Passwort hat mehr als 128 Zeichen.
error-password-guessable = Dieses Passwort ist leicht zu erraten. Gut sind mehrere Wörter, die nicht zusammengehören.
error-credentials = Adresse oder Passwort ist falsch.
error-locked = { $n ->
    [one] Zu viele Versuche. Versuchen Sie es in einer Minute noch einmal.
   *[other] Zu viele Versuche. Versuchen Sie es in { $n } Minuten noch einmal.
}
error-last-administrator = Dies ist die letzte Person mit der Rolle Verwaltung: Geben Sie diese Rolle zuerst einer anderen Person.

# Publishing
menu-publish = Veröffentlichen
publish-lead = Dateien werden in der Reihenfolge gelesen, in der sie ankommen. Eine Datei gleichen Namens ist eine neue Fassung des Dokuments, das es schon gibt.
publish-no-collection = Es gibt noch keine Sammlung, in der veröffentlicht werden kann. Legen Sie zuerst eine an.
publish-files = Dateien
publish-limit = PDF, Word, Excel, PowerPoint, OpenDocument, E-Mail, Webseiten, Text und ZIP, je bis zu { $n } MB. Sie können sie hierher ziehen.
publish-do = Veröffentlichen
publish-sending = Wird gesendet
publish-refused = Diese Dateien wurden nicht angenommen:
publish-nothing = Es wurde keine Datei ausgewählt.
publish-recent = Zuletzt veröffentlicht
publish-refresh = Noch sind nicht alle gelesen. Erneut nachsehen
job-waiting = wartet
job-running = wird gelesen
job-page = Seite { $n }
job-done = kann jetzt gefragt werden
job-replaced = wurde vor dem Lesen durch eine neuere Fassung ersetzt
job-unchanged = war schon da, unverändert
job-partly = { $n ->
    [one] kann jetzt gefragt werden, bis auf eine enthaltene Datei, die nicht lesbar war
   *[other] kann jetzt gefragt werden, bis auf { $n } enthaltene Dateien, die nicht lesbar waren
}
job-failed = konnte nicht gelesen werden:
job-kept = Die frühere Fassung kann weiterhin befragt werden.
job-no-collection = Die Sammlung gibt es nicht mehr. Veröffentlichen Sie die Datei in einer anderen.
job-restricted = Das Dokument wurde inzwischen auf einige Gruppen beschränkt und bleibt, wo es ist. Heben Sie zuerst die Beschränkung auf.
job-other-file = Inzwischen wurde dort eine andere Datei dieses Namens veröffentlicht oder hier eine neue Fassung. Beide Dokumente bleiben.
kind--png-image = ein PNG-Bild
kind--jpeg-image = ein JPEG-Bild
kind--gif-image = ein GIF-Bild
kind--tiff-image = ein TIFF-Bild
kind--webp-image = ein WebP-Bild
kind--bmp-image = ein BMP-Bild
kind--postscript-file = eine PostScript-Datei
kind--gzip-archive = ein gzip-Archiv
kind--7z-archive = ein 7z-Archiv
kind--rar-archive = ein RAR-Archiv
kind--bzip2-archive = ein bzip2-Archiv
kind--zstd-archive = ein zstd-Archiv
kind--program = ein Programm
kind--audio-file = eine Tondatei
kind--audio-or-video-file = eine Ton- oder Videodatei
kind--video-or-heic-image = ein Video oder HEIC-Bild
kind--database = eine Datenbank
kind--plain-text = einfacher Text
kind--something-else = etwas anderes
kind--old-word-document = ein altes Word-Dokument
kind--old-powerpoint-presentation = eine alte PowerPoint-Präsentation
unread--empty = Die Datei ist leer.
unread--misnamed = Die Datei ist nicht das, was ihr Name sagt, sondern { $s }. Geben Sie ihr die richtige Endung, oder veröffentlichen Sie das Dokument, das sie sein soll.
unread--unsupported = Diese Art von Datei lässt sich nicht lesen ({ $s }). Speichern Sie sie als PDF, in einem aktuellen Office-Format, als Webseite oder als Text.
unread--needs-libreoffice = Zum Lesen wird LibreOffice gebraucht ({ $s }). Lassen Sie es auf dem Server einrichten, oder speichern Sie die Datei in einem aktuellen Office-Format.
unread--not-converted = LibreOffice konnte die Datei nicht umwandeln. Öffnen Sie sie in dem Programm, aus dem sie kommt, und speichern Sie sie in einem aktuellen Office-Format.
unread--too-slow = Das Lesen hat mehr als { $n } Sekunden gedauert und wurde abgebrochen. Teilen Sie die Datei, oder speichern Sie sie in ihrem Programm neu.
unread--damaged = Die Datei ist beschädigt. Öffnen Sie sie in dem Programm, aus dem sie kommt, speichern Sie sie neu, und veröffentlichen Sie das.
unread--encrypted = Die Datei ist verschlüsselt. Veröffentlichen Sie eine Kopie ohne Passwort.
unread--no-words = Die Datei enthält keinen Text. Die Seiten sind leer oder zeigen Bilder, auf denen keine Wörter zu finden waren.
unread--no-text = Die Datei enthält keinen lesbaren Text. Ist es die richtige?
unread--binary = Die Datei enthält keinen Text, sondern andere Daten. Ist es die richtige?
unread--too-large = Die Datei hat entpackt mehr als { $n } MB. Teilen Sie sie in kleinere Dokumente.
unread--too-many-files = Die Datei enthält mehr als { $n } Dateien. Teilen Sie sie in kleinere.
unread--too-many-cells = Die Datei enthält mehr als { $n } ausgefüllte Zellen. Teilen Sie sie in kleinere Dokumente.
unread--too-deep = Die Datei ist mehr als { $n }-fach verschachtelt, was kein übliches Dokument ist. Speichern Sie sie in ihrem Programm neu.
unread--missing-tool = Zum Lesen wird { $s } gebraucht, das nicht eingerichtet ist. Wer den Server betreibt, kann die Einrichtung noch einmal ausführen.
unread--too-much-memory = Das Lesen braucht mehr als { $n } MB Speicher, was kein übliches Dokument braucht. Speichern Sie die Datei in ihrem Programm neu.
unread--no-recognition = Die Datei enthält gescannte Seiten, und die Texterkennung ist gescheitert ({ $s }). Wer den Server betreibt, kann ihre Sprachen einrichten.
unread--no-reader = Das Leseprogramm ließ sich nicht starten ({ $s }). Sagen Sie es bitte denen, die den Server betreiben.
unread--stopped = Das Lesen wurde unerwartet abgebrochen. Öffnen Sie die Datei in dem Programm, aus dem sie kommt, und speichern Sie sie neu.
document-delete-what = Es ist sofort für alle weg, mit allen früheren Fassungen. Was daraus beantwortet wurde, bleibt im Protokoll.
document-delete-do = Endgültig löschen
error-no-collection-chosen = Es wurde keine Sammlung ausgewählt.
error-too-many-files = Das sind zu viele Dateien auf einmal. Senden Sie höchstens 1000.
error-upload-lost = Die Datei ist nicht vollständig angekommen. Bitte senden Sie sie noch einmal.
error-no-document-type = Diese Art von Datei lässt sich nicht als Dokument lesen.
error-file-too-large = Die Datei hat mehr als { $n } MB.
error-file-empty = Die Datei ist leer.
error-file-name = Unter dem Namen „{ $s }“ kann keine Datei veröffentlicht werden. Benennen Sie sie um.

# Searching
menu-search = Suchen
search-label = Wörter oder eine Frage
search-do = Suchen
search-found = Stellen
search-none = Es wurde nichts gefunden, das Sie lesen dürfen. Versuchen Sie andere Wörter.
job-deleted = Es wurde gelöscht, bevor es gelesen war.

# Programs
tokens = Zugangsschlüssel für Programme
tokens-lead = Ein Programm, das einen Schlüssel vorzeigt, handelt mit Ihren Rechten: Es fragt, sucht und liest, was Sie lesen dürfen.
token-name = Wofür er ist
token-example = Zum Beispiel: Suche im Intranet
token-lasts = Er gilt
token-for-ever = bis er widerrufen wird
token-may-publish = Er darf auch veröffentlichen und löschen, wo Sie es dürfen
token-create = Schlüssel anlegen
token-made = Ihr neuer Schlüssel.
token-once = Er wird nur dieses eine Mal gezeigt: Kopieren Sie ihn jetzt.
token-since = angelegt am { $s }
token-used = zuletzt benutzt am { $s }
token-unused = nie benutzt
token-until = bis { $s }
token-publishes = darf veröffentlichen
token-revoke = Widerrufen
token-revoke-named = Den Schlüssel { $s } widerrufen
token-revoked = Der Schlüssel ist widerrufen: Nichts kann ihn mehr benutzen.
days = { $n ->
    [one] Ein Tag
   *[other] { $n } Tage
}
error-token = Es kam kein gültiger Zugangsschlüssel: Senden Sie ihn als „Authorization: Bearer …“. Sie legen ihn im Portal unter Ihrem Namen an.
error-no-such-model = Es gibt kein Modell „{ $s }“: Nehmen Sie „footnote“, oder „footnote/“ mit dem Namen einer Sammlung.
error-too-many-tokens = Sie haben schon { $n } Schlüssel: Widerrufen Sie einen, den nichts mehr benutzt.
error-too-often = { $n ->
    [one] Das war viel auf einmal. Versuchen Sie es in einer Sekunde noch einmal.
   *[other] Das war viel auf einmal. Versuchen Sie es in { $n } Sekunden noch einmal.
}

# What people say of answers, and what editors answer
opinion-ask = Hat das geholfen?
opinion-helpful = Es hat geholfen
opinion-not-helpful = Etwas ist falsch oder fehlt
opinion-comment = Was ist es? (Sie können das leer lassen.)
opinion-where = Die Redaktion der Dokumente sieht Ihre Frage und was Sie hier schreiben, ohne Ihren Namen.
opinion-wrong = Es ist falsch
opinion-missing = Etwas fehlt
opinion--helpful = Sie haben gesagt, dass das geholfen hat.
opinion--wrong = Sie haben gesagt, dass das falsch ist.
opinion--missing = Sie haben gesagt, dass etwas fehlt.
opinion-handed-on = Die Redaktion sieht die Frage jetzt.
answer-handed-on = Die Frage ist an die Redaktion der Dokumente gegangen, ohne Ihren Namen.
answer-verified = Beantwortet von { $s } aus der Redaktion dieser Dokumente, am { $day }.
answer-since = Diese Frage hat die Redaktion inzwischen beantwortet: Fragen Sie noch einmal, um die Antwort zu sehen.
menu-questions = Offene Fragen
questions-lead = Was die Dokumente nicht beantwortet haben, und was jemand falsch oder unvollständig fand. Was Sie mit einer Quelle beantworten, findet zuerst, wer dasselbe fragt und die Quelle lesen darf.
questions-none = Keine Frage wartet.
questions-answered = Von der Redaktion beantwortet
open-refused = { $n ->
    [one] einmal ohne Antwort gefragt
   *[other] { $n }-mal ohne Antwort gefragt
}
open-wrong = { $n ->
    [one] eine Antwort wurde falsch genannt
   *[other] { $n } Antworten wurden falsch genannt
}
open-missing = { $n ->
    [one] in einer Antwort fehlte etwas
   *[other] in { $n } Antworten fehlte etwas
}
open-last = zuletzt am { $s }
open-comments = Was dazu geschrieben wurde
open-dismiss = Ohne Antwort schließen
verified-find = Mit anderen Wörtern nach einer Quelle suchen
verified-source = Die Stelle, die sie beantwortet
verified-read = Im Dokument lesen
verified-no-source = In den Sammlungen, die Sie bearbeiten dürfen, wurde keine Stelle gefunden. Suchen Sie mit anderen Wörtern, oder veröffentlichen Sie ein Dokument, das sie beantwortet.
verified-text = Die Antwort
verified-text-hint = In einem oder wenigen Sätzen, die nicht mehr sagen als die Stelle. Bis zu 2000 Zeichen.
verified-do = Antworten
verified-doubts = Die Stelle scheint das nicht zu tragen:
verified-doubts-what = Wählen Sie eine andere Stelle, sagen Sie es wie die Stelle, oder bestätigen Sie unten, dass sie es sagt.
verified-sure = Ich habe es verglichen: Die Stelle sagt es so
verified-stale = wird nicht mehr gezeigt: Die Quelle hat sich geändert oder ist weg
verified-retire = Zurücknehmen
verified-retire-named = Die Antwort auf { $s } zurücknehmen
error-answer-length = Eine Antwort hat 1 bis { $n } Zeichen.
error-no-source = Wählen Sie eine Stelle, die die Antwort trägt. Die gewählte ist keine Quelle mehr, oder es wurde keine gewählt.

# Usage, jobs and health
usage = Nutzung
usage-asked = Fragen
usage-refused = Nicht beantwortet
usage-stopped = Vor dem Ende angehalten
usage-slow = Dauerten länger als { $n } Sekunden
usage-median = Die Hälfte war beantwortet nach
usage-p95 = 95 von 100 waren beantwortet nach
usage-days = Fragen am Tag
usage-chart = Fragen eines jeden Tages und die davon nicht beantworteten; die Tabelle darunter hat die Zahlen
usage-most = { $n ->
    [one] Höchstens eine Frage am Tag.
   *[other] Höchstens { $n } Fragen am Tag.
}
usage-table = Als Tabelle
usage-day = Tag
usage-cited = Am häufigsten zitiert
usage-nothing = Es wurde noch nichts zitiert.
usage-times = { $n ->
    [one] einmal
   *[other] { $n }-mal
}
usage-unanswered = Ohne Antwort
jobs = Aufträge
jobs-all = Alle
jobs-failed = Fehlgeschlagen
jobs-none = Hier ist nichts.
job-retry = Noch einmal lesen
job-retry-named = { $s } noch einmal lesen
health = Zustand
vital--version = Version
vital--documents = Dokumente
vital--index = Index
vital--language-model = Sprachmodell
vital--embedding-model = Einbettungsmodell
vital--disk = Speicherplatz
vital-documents = { $n ->
    [one] ein Dokument
   *[other] { $n } Dokumente
}
vital-pages = { $n ->
    [one] eine Seite
   *[other] { $n } Seiten
}
vital-passages = { $n ->
    [one] eine Stelle
   *[other] { $n } Stellen
}
vital-index-complete = vollständig
vital-index-mending = { $n ->
    [one] Eine Stelle wird gerade wieder aufgenommen. Fragen warten bis dahin.
   *[other] { $n } Stellen werden gerade wieder aufgenommen. Fragen warten bis dahin.
}
vital-index-lacking = { $n ->
    [one] Eine Stelle fehlt. Halten Sie das Portal an, und führen Sie „footnote doctor“ aus.
   *[other] { $n } Stellen fehlen. Halten Sie das Portal an, und führen Sie „footnote doctor“ aus.
}
vital-disk-free = { $s } GiB frei im Datenverzeichnis
vital-unknown = Das lässt sich gerade nicht feststellen: { $s }
writing--passed = { $s } schreibt Antworten und hat die Prüfung bestanden.
writing--not-passed = { $s } schreibt Antworten, obwohl es die Prüfung nicht bestanden hat.
writing--untried = { $s } schreibt Antworten und ist nicht geprüft. Führen Sie „footnote eval exam“ aus.
writing--quotes = { $s } hat die Prüfung nicht bestanden, darum sind Antworten Zitate.
writing--down = Antworten sind Zitate, bis das behoben ist: { $s }
writing--off = Es ist abgeschaltet, darum sind Antworten Zitate.
writing-grade = In der Prüfung waren { $n } % der Antworten richtig und { $s } % falsch.
vital-well = in Ordnung
vital-unwell = braucht Aufmerksamkeit
object--token = Schlüssel
object--question = Frage
object--verified_answer = Antwort der Redaktion
action--token-created = Zugangsschlüssel angelegt
action--token-revoked = Zugangsschlüssel widerrufen
action--feedback-given = Meinung gesagt zu
action--question-closed = ohne Antwort geschlossen
action--verified_answer-given = für die Redaktion geantwortet
action--verified_answer-retired = Antwort der Redaktion zurückgenommen

# Within a document, and its upkeep
within-label = In diesem Dokument suchen
within-found = { $n ->
    [0] Das steht nicht in diesem Dokument.
    [one] An einer Stelle gefunden
   *[other] An { $n } Stellen gefunden
}
outline = Inhalt
reader-close = Schließen
reader-alone = Allein öffnen
document-upkeep = Neu lesen, verschieben oder löschen
document-again = Neu lesen
document-again-what = Liest die Datei noch einmal: Mit anderen Einstellungen oder einer neueren Version von Footnote kann der Text besser werden.
document-move = Verschieben
document-move-what = In diese Sammlung verschieben
error-not-published-here = Die Datei dieses Dokuments liegt nicht im Portal: Sie ist in einem Ordner auf dem Server und wird dort verschoben oder neu gelesen.
error-restricted-move = Dieses Dokument ist auf einige Gruppen beschränkt. In einer anderen Sammlung stünde es allen offen, die diese lesen: Heben Sie die Beschränkung erst auf.
watch-indexed = { $n ->
    [one] ein Dokument ist neu oder geändert
   *[other] { $n } Dokumente sind neu oder geändert
}
watch-deleted = { $n ->
    [one] eines ist weg
   *[other] { $n } sind weg
}
watch-failed = { $n ->
    [one] eine Datei konnte nicht gelesen werden
   *[other] { $n } Dateien konnten nicht gelesen werden
}
watch-held = { $n ->
    [one] eine Datei fehlt, ihr Dokument blieb
   *[other] { $n } Dateien fehlen, ihre Dokumente blieben
}
watch-not-looked = Dieser Ordner

# A trail that names nobody
audit-forgotten = nicht mehr im Protokoll
audit-pseudonymous = Was jemand bei der Benutzung tut, steht hier unter einem Pseudonym. Zwei Administratoren können es gemeinsam öffnen.
disclosures = Geöffnete Pseudonyme
disclosures-lead = Jemand aus der Administration fragt und sagt warum, jemand anderes stimmt zu. Von da an und für einen Tag sagt das Protokoll, wer es ist. Beides wird festgehalten.
disclosures-none = Keines ist offen, und keines wartet.
disclosure-asked = gefragt von { $s }
disclosure-approved = zugestimmt von { $s }
disclosure-waits = wartet auf eine zweite Zustimmung
disclosure-approve = Zustimmen
disclosure-new = Ein Pseudonym öffnen lassen
disclosure-pseudonym = Das Pseudonym, wie es im Protokoll steht
disclosure-reason = Warum
disclosure-request = Fragen
error-no-pseudonym = Ein solches Pseudonym kennt das Protokoll nicht.
error-no-reason = Sagen Sie, warum es geöffnet werden soll.
error-second-administrator = Ein Pseudonym öffnen zwei gemeinsam: Jemand anderes muss zustimmen.
action--audit-privacy_changed = geändert, ob das Protokoll Namen nennt
action--pseudonym-requested = um das Öffnen eines Pseudonyms gebeten
action--pseudonym-opened = dem Öffnen eines Pseudonyms zugestimmt

# What files and languages are called
format--markdown = Markdown
format--web-page = Webseite
format--text = Text
format--csv-table = CSV-Tabelle
format--rtf = RTF
format--word = Word
format--opendocument-text = OpenDocument-Text
format--powerpoint = PowerPoint
format--opendocument-presentation = OpenDocument-Präsentation
format--excel = Excel
format--opendocument-spreadsheet = OpenDocument-Tabelle
format--e-mail = E-Mail
format--pdf = PDF
format--zip-archive = ZIP-Archiv
language--english = Englisch
language--german = Deutsch
language--french = Französisch
language--spanish = Spanisch
language--italian = Italienisch
language--portuguese = Portugiesisch
language--dutch = Niederländisch
language--danish = Dänisch
language--swedish = Schwedisch
language--bokmal = Norwegisch
language--finnish = Finnisch
language--hungarian = Ungarisch
language--romanian = Rumänisch
language--turkish = Türkisch
language--russian = Russisch
language--greek = Griechisch
language--arabic = Arabisch
language--tamil = Tamil
language--polish = Polnisch
language--czech = Tschechisch
language--slovak = Slowakisch
language--croatian = Kroatisch
language--vietnamese = Vietnamesisch
language--indonesian = Indonesisch
language--catalan = Katalanisch
language--ukrainian = Ukrainisch
language--bulgarian = Bulgarisch
language--serbian = Serbisch
language--persian = Persisch
language--urdu = Urdu
language--hindi = Hindi
language--mandarin = Chinesisch
language--japanese = Japanisch
language--korean = Koreanisch
