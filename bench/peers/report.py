"""Turns what was measured into the tables of the README."""

# Bars of the policies against the best of the rivals named here, per shape and number of threads.
BARS = {"s3fifo": 1.2, "w_tinylfu": 1.0}
BAR_RIVALS = ["quick_cache", "moka", "caffeine"]
OVERHEAD_BAR = 80.0


def row(cells):
    return "| " + " | ".join(cells) + " |"


def throughput_table(tallies, ours, rivals):
    heads = ["keys / capacity / value", "threads", "policy", "M/s (hits)"]
    heads += [rival.title for rival in rivals] + ["bar", "verdict"]
    lines = [row(heads), row(["---"] * len(heads))]
    for tally in tallies:
        for policy in ours:
            cells = [tally.shape.title, str(tally.threads), policy.title,
                     speed_and_hits(tally, policy.name)]
            cells += [f"**{tally.ratio(policy.name, rival.name):.2f}** × "
                      f"{speed_and_hits(tally, rival.name)}" for rival in rivals]
            lines.append(row(cells + list(verdict(tally, policy, rivals))))
    return "\n".join(lines)


def speed_and_hits(tally, name):
    return f"{tally.speed(name) / 1e6:.2f} ({100 * tally.hit_ratio(name):.1f} %)"


def verdict(tally, policy, rivals):
    bar = BARS.get(policy.title)
    names = [rival.name for rival in rivals if rival.name in BAR_RIVALS]
    if bar is None or not names:
        return "", ""
    best = min(tally.ratio(policy.name, name) for name in names)
    words = "holds" if best >= bar else f"falls short by {100 * (1 - best / bar):.0f} %"
    if len(names) < len(BAR_RIVALS):
        words += f" (without {', '.join(n for n in BAR_RIVALS if n not in names)})"
    return f"≥ {bar:g}", words


def memory_table(rows):
    """`rows`: (contestant, {column: overhead in bytes or None})."""
    columns = list(rows[0][1])
    lines = [row(["bytes an entry beyond key and value", *columns, "bar", "verdict"]),
             row(["---"] * (len(columns) + 3))]
    for contestant, overheads in rows:
        cells = [contestant.title]
        cells += ["none" if value is None else f"{value:.0f}" for value in overheads.values()]
        bar, words = "", ""
        if contestant.ours:
            over = overheads[columns[1]] - OVERHEAD_BAR
            bar = f"≤ {OVERHEAD_BAR:.0f}"
            words = "holds" if over <= 0 else f"falls short by {over:.0f} B"
        lines.append(row([*cells, bar, words]))
    return "\n".join(lines)


def not_run(contestants):
    return "\n".join(f"- {c.title}: not run: {c.missing}" for c in contestants if c.missing)
