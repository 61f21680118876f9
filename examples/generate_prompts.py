#!/usr/bin/env python3
"""Writes a log of chat requests, one JSON object a line, as `semantrix replay` reads it.

    python3 examples/generate_prompts.py --seed 42 --requests 6000 --out examples/prompts.jsonl

The traffic is that of a product that answers questions about freight software: popular questions
asked again and again, a long tail asked once, conversations that grow, tool calls, bursts of
retries, and an evaluation suite that runs twice. One seed gives the same bytes on every version
of Python: the random numbers are made here, and decisions use integers only.
"""

import argparse
import hashlib
import heapq
import json
import os
import re
import sys
from collections import namedtuple

# One symbol a paragraph, its alternatives divided by " | ", {slots} filled by other symbols. The
# slots topic, firm, site, order, amount, day and count hold one value through a whole exchange,
# so that an answer speaks of what was asked.
GRAMMAR = r"""
feature: invoice export | pallet labels | two-factor sign-in | carrier webhooks | rate cards |
  customs forms | the returns portal | stock alerts | the route planner | the driver app | barcode
  scanning | the audit log | user roles | bulk import | API keys | purchase orders | temperature
  logs | the dock schedule | proof of delivery | delivery windows | PDF templates | the shared
  inbox | tax settings | multi-currency billing | saved searches | cycle counts | batch picking |
  parcel tracking | fuel surcharges | credit notes | supplier scorecards | packing slips |
  hazardous goods notes | the claims register | container bookings
team: billing | warehouse | support | platform | customs | procurement | quality | planning |
  field service | finance | night shift | returns | carrier relations | compliance
place: Rotterdam | Gdansk | Lisbon | Leeds | Osaka | Tacoma | Lyon | Hamburg | Valencia | Busan |
  Durban | Halifax | Turin | Antwerp | Montevideo | Tallinn | Oulu | Cork | Savannah | Brno |
  Zaragoza | Aarhus | Kaohsiung | Trieste
company: Tarnfield Foods | Oldmill Paper | Quernmoor Tools | Lumen and Oak | Saltmarsh Glass |
  Perrin Cycles | Ostrava Bearings | Greywater Textiles | Halden Optics | Northfell Dairy |
  Copperbeck Lamps | Vireo Ceramics | Anselm Pumps | Ridgeway Seeds | Marlpit Timber
month: January | February | March | April | May | June | August | September | October | November
goods: ceramic tiles | frozen peas | bicycle frames | printer paper | brake discs | olive oil |
  garden chairs | laboratory glass | cotton sheets | phone chargers | pump housings | seed
  potatoes | roof insulation | camera lenses | cat litter | wine in crates | drill bits | baby
  formula
system: SAP | the old warehouse system | our spreadsheet | QuickBooks | the carrier's portal |
  Salesforce | the customs gateway | a nightly script | the accounting package | Shopify
problem: keeps showing yesterday's figures | returns error {n3} after the last update | is empty
  for one of our sites | prints the address twice | loses the last row of every file | takes more
  than {n2} seconds to open | shows amounts in the wrong currency | ignores the filter that I
  saved | sends every notice twice | is greyed out for new colleagues | rounds the weight to whole
  kilos | refuses files above {n2} megabytes | sorts dates as if they were text | stops at {n2}
  per cent and never ends
goal: change the default layout of | give a colleague read access to | switch off | restore |
  connect {system} to | copy the settings of | see who last changed | limit by site | move to
  another account | schedule a weekly copy of | rename columns in | test without real data
cause: a mislabelled trailer | the strike at the ferry terminal | a rate table that nobody renewed
  | duplicate barcodes | one late container from {place} | a certificate that had expired | manual
  re-keying of addresses | a shortage of reefer plugs | fog on the river | an import that ran
  twice | stale tariff codes | a broken conveyor on line {n1}
effect: {n2} orders missed their window | invoices went out {n1} days late | the night crew worked
  an extra shift | the carrier charged {money} in waiting time | stock looked {pct} lower than it
  was | customers rang {n3} times | the claim doubled | two suppliers paused deliveries | the dock
  stood idle until {time}
remedy: a second reader at the gate | a weekly reconciliation with {team} | clearer codes on
  labels | a hard limit of {n2} pallets per slot | earlier cut-off times | a checklist at
  hand-over | retraining the temporary staff | an alert after {n2} minutes of silence | moving
  {goods} to the {place} depot | one owner for each rate table | a buffer of {n1} days
menu: Settings, then Billing | Settings, then Sites | Reports, then Scheduled | Admin, then Access
  | Integrations, then Carriers | Profile, then Security | Warehouse, then Devices | Documents,
  then Templates
how: carefully | in small steps | with a copy of live data | behind a switch | site by site |
  before the quarter ends | once {team} agrees | on a quiet morning | in parallel with the old way
quality: predictable | cheap to undo | easy to explain | robust against late data | hard to audit
  | slow at first | surprisingly cheap | fragile under load | tied to one vendor | easy to measure
person: a new colleague | a ten-year-old | a board member | a truck driver | an auditor | a
  first-year student | someone who knows SQL | my landlord | a customer who is annoyed
concept: demand forecasting | double-entry bookkeeping | eventual consistency | the bullwhip
  effect | queueing theory | cold chains | incoterms | safety stock | optimistic locking |
  cross-docking | amortisation | tail latency | the travelling salesman problem | letters of
  credit | idempotency | load balancing | regression to the mean | just-in-time supply | public
  key encryption | exponential smoothing | bonded warehouses | survivor bias | price elasticity |
  write-ahead logs | container tracking by satellite | total landed cost | the birthday paradox |
  demurrage
aspect: its cost | what can go wrong | the first three steps | an example from daily life | how to
  measure it | when not to use it | its history in brief | the usual mistakes | who invented it
writing: a polite reminder | a two-paragraph apology | a job advert | a release note | a short
  speech | a checklist | a status update | a subject line and first sentence | an agenda | a
  refusal
tone: plain | warm | formal | brisk | apologetic | confident but modest | neutral
support: How do I {goal} {topic}? | {topic} {problem}. What should I check first? | Is it possible
  to {goal} {topic} for {site} only? | Why is it that {topic} {problem}? | Can I use {topic}
  together with {system}? | Where do I find {topic} after the new release? | what does it cost to
  add {topic} for {n2} users | Who is allowed to {goal} {topic}? | cant find {topic} anymore,
  please help | Does {topic} work offline? | We are {firm} and since {day} {topic} {problem}.
  Which setting is wrong? | Order {order} left {site} on {day} but {topic} {problem}. How do I
  correct it?
oneoff: Order {order} for {firm}: {topic} {problem}. Nothing changed here except {system}. Ideas?
  | We ship {goods} from {site} to {place}, about {n2} pallets a week. Would {topic} save us work?
  | Our invoice {order} lists {amount} for {goods}, but we agreed on {money}. How is that
  explained? | Write {writing} to {firm} about {order}: {effect} because of {cause}. Tone: {tone}.
  | If {n2} trucks carry {n3} cartons each and {pct} of them are damaged, what is left for
  {place}? | Compare {concept} and {concept} for {person}, with {aspect}, for {goods}. | Give me
  {n1} names for a project that brings {remedy} to {site}. | Draft {writing} for the {team} team
  in {site} on {topic}: mention {remedy} and {day}.
general: Explain {concept} to {person}. | What is {concept}, and {aspect}? | Write {writing} about
  {concept}. | Give me {n1} bullet points on {concept}: {aspect}. | Is {concept} still relevant in
  {year}? | What is the difference between {concept} and {concept}? | Summarise {concept} in {n2}
  words. | Which books explain {concept} well, and {aspect}? | Quiz me on {concept}, {n1}
  questions.
step: Open {menu}. | Choose {site} and tick the box next to {topic}. | Save, and wait for the
  green mark. | Ask an owner to grant the role first. | Export a copy, so that you can go back. |
  Press Test and read the last line of the result. | Remove the old entry for {system}. | Set the
  start to {time} and the interval to {n2} minutes. | Sign out and in again. | Compare one order,
  for example {order}, on both sides. | Clear the saved filter at the top right. | Send the file
  again, with no more than {n3} rows. | Turn the feature on for {n1} users only.
opening: Yes, that works, with one condition. | This usually has a simple reason. | Good question.
  | Short answer: not directly, but there is a clean way round. | Here is the way that most sites
  take. | That behaviour changed in the {month} release. | Thank you for the details. | It depends
  on your plan. | I looked at how {topic} is set up by default. | Let us take it one step at a
  time.
reason: The values are cached for {n2} minutes, so a change in {system} shows late. | The role
  decides this, not the site, and roles are copied when a user is invited. | When two carriers
  share one code, the newer rate wins. | The file is read as text until row {n3}. | The template
  still points to the layout of {year}. | Only the {team} role sees the switch. | Time zones are
  taken from the depot, and {site} was moved in {month}. | The import stops at the first line with
  an empty weight. | Older devices answer more slowly than that.
closing: If it still fails, send us the reference and the time, and we look at the log. | Your
  data stays as it was until you press Save. | The change takes up to {n2} minutes to arrive. |
  This is included in the Standard plan. | Tell me which site it is and I will be more exact. |
  For more than {n3} users, talk to the {team} team first. | You can undo this for {n2} days. |
  None of this touches orders that have already left. | A short guide is under {menu}.
report: The {team} team moved {n3} pallets of {goods} through {place} in {month}, {pct} more than
  planned. | Most of the delay came from {cause}, and {effect}. | In {place}, {effect}; the cause
  was {cause}. | {company} asked for {remedy}, which {team} expects to deliver by {date}. | The
  pilot with {company} ended on {date}: it was {quality}, and also {quality}. | Of the {n3}
  complaints in {month}, {n2} named {feature} and {n1} named the drivers. | Nobody had noticed
  that {system} and {feature} disagreed about {goods} since {date}. | The proposal is {remedy},
  introduced {how}, at a cost of about {money}. | Two alternatives were considered, {remedy} and
  {remedy}; the first is {quality}. | Costs fell to {money} a month, although {cause} hid part of
  the effect. | The {team} lead noted that {effect} and asked for {remedy}. | Until {date} the
  depot in {place} handles {goods} by hand, {how}. | What remains open is who pays when {effect}.
  | Rain delayed the {time} departure, so {effect}. | A survey of {n2} sites found {feature}
  helpful and {feature} {quality}. | For {goods} the margin is {pct}, so that even {cause} can
  turn a profit into a loss.
policy: A claim must reach {team} within {n2} days of delivery, together with photographs. | Goods
  above {n3} kilograms need two signatures, one of them from {team}. | Refunds above {money} are
  approved by {team}; smaller ones are paid on the next working day. | Access to {feature} is
  reviewed every {n2} days, and unused accounts are closed. | For {goods} the temperature is
  recorded every {n2} minutes and kept for {n1} years. | Deliveries to {place} close at {time};
  later trucks wait until the next morning. | If {feature} {problem}, the shift leader notes the
  order and tells {team}. | Carriers that miss {pct} of their windows in a month lose their slot
  in {place}. | Copies of documents are stored in {place} and deleted after {n1} years. | An
  exception is valid for {n2} days, names its reason, and is granted by {team} alone. | The fee
  for {feature} is {money} a month per site; the first {n2} days are free of charge.
view: At heart, {topic} is about deciding early with little information. | In practice it is
  {quality}. | Think of a depot that handles {goods}: every change upstream arrives later and
  larger. | The usual mistake is to measure the average and forget the worst {pct}. | It pays off
  when demand varies and storage costs more than {money} a week. | A small example: {n2} orders
  arrive, {n1} are wrong, and checking each takes {n2} minutes. | Before you adopt it, agree {how}
  on what counts as success. | Its opposite is {quality}, too. | Textbooks stress the formula,
  while practitioners stress {remedy}. | The idea is older than computers: merchants in {place}
  kept such tables in {year}. | Its weak point is trust, because {cause} is enough to spoil the
  numbers. | Compared with {concept}, it is {quality} but asks for better data. | Start {how},
  write down what you expected, and compare after {n2} days.
bullet: {cause} explains {pct} of the delay | {team} proposes {remedy} | {effect} | decision due
  on {date} | {company} waits for an answer about {goods} | {place} is affected most | cost so
  far: {money} | {feature} needs an owner | next review with {team} at {time}
stem: parse | merge | load | split | count | group | check | send | fetch | rank | trim | pack
thing: orders | rates | labels | routes | stops | parcels | rows | events | weights | slots |
  quotes
lang: Python | TypeScript | Go | C++ | SQL | Rust | Java | Kotlin | Bash
wish: Add tests. | Keep the signature. | No new dependencies, please. | Explain the complexity. |
  Make it safe for threads. | It must handle {n4} rows. | Only show the changed lines. | Be brief.
bug: it returns an empty list for {thing} | it fails with KeyError: '{thing}' on line {n2} | it is
  quadratic in the number of {thing} | the last batch of {thing} never arrives | dates before
  {year} come out wrong | memory grows by {n2} MB an hour | the total is off by one | it deadlocks
  when two workers {stem} {thing} at once | rounding differs from {system}
code: def {fn}({thing}, limit={n2}):{nl}    seen = []{nl}    for item in {thing}:{nl}        if
  item["id"] not in seen:{nl}            seen.append(item["id"]){nl}    return seen[:limit] |
  SELECT site, COUNT(*) AS n, SUM({thing}) AS total{nl}FROM {fn}{nl}WHERE shipped_at >
  '{date}'{nl}GROUP BY site{nl}HAVING COUNT(*) > {n2}{nl}ORDER BY total DESC; | async function
  {fn}(ids: string[]) {{nl}  const out = [];{nl}  for (const id of ids) {{nl} const res = await
  fetch("/v{n1}/{thing}/" + id);{nl}    out.push(await res.json());{nl}  }{nl}  return out;{nl}} |
  std::vector<int> {fn}(const std::map<int, int>& {thing}) {{nl}  std::vector<int> out;{nl}  for
  (auto [k, v] : {thing})  if (v > {n2}) out.push_back(k);{nl}  return out;{nl}} | func {fn}(ch
  chan int, n int) int {{nl}{tab}total := 0{nl}{tab}for i := 0; i <= n; i++ {{nl}{tab}{tab}total
  += <-ch{nl}{tab}}{nl}
{tab}return total * {n1}{nl}} | for f in /data/{thing}/*.csv; do{nl}  sort -t, -k{n1} "$f" >>
  {fn}.out{nl}done
codeask: What is wrong here? I see that {bug}.{nl}{nl}```{nl}{code}{nl}```{nl}{wish} | Write a
  {lang} function `{fn}` that takes a list of {thing} and returns those above {n2}. {wish} {wish}
  | Review this change, which should {stem} {thing} faster:{nl}```{nl}{code}{nl}``` | How do I
  {stem} {thing} in {lang} without loading all {n4} of them at once? {wish} | Convert to
  {lang}:{nl}{nl}{code}{nl}{nl}{wish} | Regex for a reference like {order}, in {lang}? {wish} |
  Unit tests for `{fn}` in {lang}, with the case that {bug}. | Error in production since {time}:
  {bug}. The handler is `{fn}`, {lang}. Where would you look?
codewhy: The loop looks at every earlier entry again, so the work grows with the square of
  {thing}. | The bound is inclusive, so the body runs once too often. | The requests wait for each
  other. | Nothing closes the handle when `{fn}` returns early. | The default is shared between
  calls. | The comparison is made on text, and "9" sorts after "{n2}". | The lock is taken in two
  orders. | The query reads all {thing} although an index on the date would do. | The copy is made
  on each pass.
codenote: I kept the order of the results. | With {n4} {thing} this ran in {n2} ms on a laptop. |
  Empty input gives an empty result. | A test for the first and the last element is worth having.
  | The signature is unchanged, so callers need no edit. | If `{fn}` must be pure, pass the clock
  in.
fixed: known = set(){nl}return [x for x in {thing} if not (x.id in known or
  known.add(x.id))][:{n2}] | const out = await Promise.all(ids.map((id) => {fn}(id)));{nl}return
  out.slice(0, {n2}); | CREATE INDEX {fn}_by_day ON {thing} (site, shipped_at); | for (int i = 0;
  i < n; ++i) total += {fn}(i);  // was: i <= n | with lock:{nl}    {fn}({thing}, limit={n3})
subject: Summarise the following note in {n1} sentences. | TL;DR please, {n2} words at most: |
  What are the decisions in this text? | Give the key points as bullets for {person}. | Shorten
  this to one paragraph, {tone} tone. | Which risks does this report name?
mail: Hello, order {order} from {site} arrived on {day}, but {count} cartons of {goods} were
  damaged. We were charged {amount}. Please tell {firm} what happens next. | Hi team, please book
  {count} pallets of {goods} for {firm}, pick-up in {site} on {day}, reference {order}, agreed
  price {amount}. Lift gate needed, ring {n1} hours ahead. | To whom it may concern: {firm}
  disputes {amount} on {order}. The truck left {site} {n1} hours late on {day} and {count} items
  were missing. | Quick one - {order} ({goods}, {count} pcs, {amount}) should go to {site}
  instead, {day} at the latest. {firm}
persona: You answer for the support desk of a freight platform. Be correct, brief and friendly.
  Quote the menu path. Never promise refunds; pass claims above 500 EUR to the billing team. If a
  site or an order is not named, ask for it once. Answer in the language of the customer. | You
  are a careful operations planner. Use the tools for every figure, never guess stock or prices.
  Say which tool gave which number. Give times in the local zone of the depot and weights in
  kilograms. | You review code for a team of eight. Point to the line, give the smallest change
  that works, and name the risk. No praise, no lectures. Prefer the standard library. | You write
  for managers who read on a phone. At most three short paragraphs, no jargon, lead with the
  decision that is needed, and end with the date by which it is needed. | You extract data from
  logistics mail. Answer with one JSON object and nothing else. Use null for what the text does
  not say. Dates are ISO 8601, amounts are numbers without a currency sign.
follow: And for {place}? | Can you make that shorter? | What if {cause}? | That did not work,
  {topic} {problem}. | Please turn it into {writing}. | Why {n2} and not {n2}? | Does that also
  hold for {goods}? | Thanks. Who approves it when {effect}? | Which of these steps needs an
  owner? | In which order, and {how}?
said: We said: {remedy}. | It is {quality}, so plan it {how}. | {effect}, mostly because of
  {cause}. | The {team} team decides, normally within {n2} hours. | Under {menu} you find both. |
  About {money} a month.
found: {order} has {count} cartons of {goods} at {site}, ready on {day}. | The total is {amount},
  including {pct} fuel surcharge. | The next free slot is {time}. | I would ship it {how}. |
  {place} has none left. | Please confirm, and I book it for {firm}. | Note that {cause} may cost
  another {n1} hours.
label: billing | delivery | damage | access | praise | cancellation | other
"""

# One line a sentence, in English, German, French, Spanish, Polish and Japanese.
LANGUAGES = ("English", "German", "French", "Spanish", "Polish", "Japanese")
PHRASES = """
Where is my order {order}? | Wo ist meine Bestellung {order}? | Où est ma commande {order} ? |
  ¿Dónde está mi pedido {order}? | Gdzie jest moje zamówienie {order}? | 注文{order}は今どこにありますか。
The truck from {site} is late. | Der Lkw aus {site} hat Verspätung. | Le camion de {site} est en
  retard. | El camión de {site} llega tarde. | Ciężarówka z {site} jest spóźniona. |
  {site}からのトラックが遅れています。
We received only {count} boxes. | Wir haben nur {count} Kartons erhalten. | Nous n'avons reçu que
  {count} cartons. | Solo hemos recibido {count} cajas. | Otrzymaliśmy tylko {count} kartonów. |
  {count}箱しか届いていません。
Please send the invoice again. | Bitte schicken Sie die Rechnung noch einmal. | Veuillez renvoyer
  la facture. | Por favor, envíen la factura otra vez. | Proszę ponownie wysłać fakturę. |
  請求書をもう一度送ってください。
The label cannot be read. | Das Etikett ist nicht lesbar. | L'étiquette est illisible. | La
  etiqueta no se puede leer. | Etykieta jest nieczytelna. | ラベルが読み取れません。
Can you deliver on {day}? | Können Sie am {day} liefern? | Pouvez-vous livrer le {day} ? | ¿Pueden
  entregar el {day}? | Czy mogą Państwo dostarczyć {day}? | {day}に配達できますか。
I forgot my password. | Ich habe mein Passwort vergessen. | J'ai oublié mon mot de passe. | He
  olvidado mi contraseña. | Zapomniałem hasła. | パスワードを忘れました。
We agreed on {amount}. | Wir hatten {amount} vereinbart. | Nous avions convenu de {amount}. |
  Habíamos acordado {amount}. | Ustaliliśmy {amount}. | {amount}で合意していました。
The goods must stay below five degrees. | Die Ware muss unter fünf Grad bleiben. | La marchandise
  doit rester sous cinq degrés. | La mercancía debe estar a menos de cinco grados. | Towar musi
  pozostać poniżej pięciu stopni. | 商品は5度以下に保つ必要があります。
Nobody answers the phone. | Niemand geht ans Telefon. | Personne ne répond au téléphone. | Nadie
  contesta al teléfono. | Nikt nie odbiera telefonu. | 誰も電話に出ません。
"""
REPLIES = """
Thank you for your message. | Vielen Dank für Ihre Nachricht. | Merci pour votre message. |
  Gracias por su mensaje. | Dziękujemy za wiadomość. | ご連絡ありがとうございます。
We are checking {order} with {site}. | Wir prüfen {order} mit {site}. | Nous vérifions {order}
  avec {site}. | Estamos revisando {order} con {site}. | Sprawdzamy {order} z {site}. |
  {site}に{order}を確認しております。
You will hear from us before {day}. | Sie hören vor dem {day} von uns. | Vous aurez une réponse
  avant le {day}. | Tendrá noticias antes del {day}. | Odpowiemy przed {day}. | {day}までにご連絡いたします。
Open the settings and choose the site. | Öffnen Sie die Einstellungen und wählen Sie den Standort.
  | Ouvrez les réglages et choisissez le site. | Abra los ajustes y elija el centro. | Proszę
  otworzyć ustawienia i wybrać lokalizację. | 設定を開き、拠点を選んでください。
The amount of {amount} will be corrected. | Der Betrag von {amount} wird berichtigt. | Le montant
  de {amount} sera corrigé. | El importe de {amount} se corregirá. | Kwota {amount} zostanie
  skorygowana. | {amount}の金額は訂正されます。
"""

# Billionths of a dollar per input and output token, milliseconds to the first token, microseconds
# for each further one, share of the traffic. Illustrative figures, not a price list.
Model = namedtuple("Model", "name input_price output_price first_ms token_us share")
MODELS = (
    Model("gpt-4o-mini", 150, 600, 320, 9000, 36),
    Model("gpt-4o", 2500, 10000, 450, 14000, 14),
    Model("claude-haiku", 800, 4000, 360, 8000, 20),
    Model("claude-sonnet", 3000, 15000, 620, 16000, 12),
    Model("llama-3-70b", 590, 790, 240, 21000, 12),
    Model("mistral-small", 100, 300, 210, 12000, 6),
)
HOURLY_LOAD = (8, 6, 5, 5, 6, 9, 18, 40, 78, 100, 104, 96,
               72, 90, 102, 98, 88, 70, 46, 34, 28, 22, 16, 11)
FIRST_MOMENT_MS = 1740960000000  # Monday 2025-03-03, midnight UTC
MEAN_PAUSE_MS = 22000
