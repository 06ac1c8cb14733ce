package dev.sandglass.local;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Shows on stderr how a stack comes up: a table that redraws itself on a terminal, one line per change elsewhere. */
final class Progress {
    /** One line of the display. */
    record Line(String name, String state, String note) {}

    private static final String[] TURNING = {"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"};

    private final PrintStream out = System.err;
    private final boolean terminal;
    private final long begun = System.nanoTime();
    private final Map<String, String> shown = new LinkedHashMap<>();
    private final Map<String, Double> ready = new LinkedHashMap<>();
    private int drawn;
    private int turn;
    private String step = "";

    /** @param terminal true if stderr is a terminal that can move its cursor */
    Progress(boolean terminal) {
        this.terminal = terminal;
    }

    /** Shows a step before there are parts, such as a download. */
    synchronized void step(String text) {
        if (terminal) {
            out.print("\r\u001b[2K" + TURNING[turn++ % TURNING.length] + " " + text);
            out.flush();
        } else if (!stem(text).equals(stem(step))) {
            out.println(text);
        }
        step = text;
    }

    /** Ends the step; the next text begins on a new line. */
    synchronized void stepDone() {
        if (terminal && !step.isEmpty()) {
            out.print("\r\u001b[2K");
        }
        step = "";
    }

    synchronized void show(List<Line> lines) {
        if (!terminal) {
            for (Line line : lines) {
                String now = line.state() + line.note();
                if (!now.equals(shown.put(line.name(), now))) {
                    out.printf(
                            Locale.ROOT,
                            "%6.1f s  %-20s %-9s%s%n",
                            seconds(),
                            line.name(),
                            line.state(),
                            gap(line.note()));
                }
            }
            return;
        }
        StringBuilder picture = new StringBuilder(drawn == 0 ? "" : "\u001b[" + drawn + "A");
        turn++;
        for (Line line : lines) {
            boolean done = line.state().equals("running");
            if (done) {
                ready.putIfAbsent(line.name(), seconds());
            } else {
                ready.remove(line.name());
            }
            picture.append("\u001b[2K")
                    .append(mark(line.state()))
                    .append(String.format(
                            Locale.ROOT,
                            " %-20s %-9s %s",
                            line.name(),
                            line.state(),
                            done
                                    ? String.format(Locale.ROOT, "\u001b[2m%.1f s\u001b[0m", ready.get(line.name()))
                                    : cut(line.note())))
                    .append('\n');
        }
        drawn = lines.size();
        out.print(picture);
        out.flush();
    }

    /** Shows a sentence below the display. */
    synchronized void tell(String sentence) {
        stepDone();
        drawn = 0;
        out.println(sentence);
    }

    double seconds() {
        return (System.nanoTime() - begun) / 1e9;
    }

    private String mark(String state) {
        return switch (state) {
            case "running" -> "\u001b[32m✔\u001b[0m";
            case "failed" -> "\u001b[31m✘\u001b[0m";
            case "stopped", "absent" -> "\u001b[2m–\u001b[0m";
            default -> TURNING[turn % TURNING.length];
        };
    }

    private static String gap(String note) {
        return note.isEmpty() ? "" : " " + note.lines().findFirst().orElse("");
    }

    /** Cuts a note to one line: the cursor cannot go back over a line that wraps. */
    private static String cut(String note) {
        String first = note.lines().findFirst().orElse("");
        return first.length() > 46 ? first.substring(0, 45) + "…" : first;
    }

    /** The fixed part of a step that counts. */
    private static String stem(String text) {
        return text.replaceAll(", \\d.*", "");
    }
}
