package dev.sandglass.task.domain.chat;

import dev.sandglass.task.domain.chat.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The rest of a message without the phrases that were understood. */
final class Title {
    /** Marks a place from which words were taken out. */
    private static final int GAP = -1;

    private static final String OPENING = "([{（";
    private static final String CLOSING = ")]}）";

    private final int[] message;
    private final List<Token> tokens;
    private final List<Integer> places = new ArrayList<>();

    /** @param removed the tokens that do not belong to the title */
    Title(int[] message, List<Token> tokens, Set<Integer> removed) {
        this.message = message;
        this.tokens = tokens;
        for (int at = 0; at < tokens.size(); at++) {
            if (!removed.contains(at)) {
                places.add(at);
            } else if (places.isEmpty() || places.get(places.size() - 1) != GAP) {
                places.add(GAP);
            }
        }
    }

    /** The text with single spaces, without the marks around the words that were taken out. */
    String text() {
        joinGaps();
        trimStart();
        trimEnd();
        var text = new StringBuilder();
        int last = GAP;
        for (int place : places) {
            if (place != GAP) {
                if (last != GAP && isApart(last, place)) {
                    text.append(' ');
                }
                append(tokens.get(place), text);
                last = place;
            }
        }
        return text.toString();
    }

    /** Empty brackets are taken out too, and marks that stand alone between two gaps. */
    private void joinGaps() {
        for (int at = 0; at < places.size(); at++) {
            if (places.get(at) != GAP) {
                continue;
            }
            if (at > 0 && at + 1 < places.size() && encloses(places.get(at - 1), places.get(at + 1))) {
                places.remove(at + 1);
                places.remove(at - 1);
                at -= 2;
            } else if (at + 2 < places.size() && isSeparator(places.get(at + 1)) && places.get(at + 2) == GAP) {
                places.remove(at + 2);
                places.remove(at + 1);
                at--;
            } else if (at + 1 < places.size() && places.get(at + 1) == GAP) {
                places.remove(at + 1);
                at--;
            } else if (at > 0
                    && at + 1 < places.size()
                    && isSeparator(places.get(at - 1))
                    && isSeparator(places.get(at + 1))) {
                places.remove(at + 1);
            }
        }
    }

    private void trimStart() {
        if (!places.isEmpty() && places.get(0) == GAP) {
            places.remove(0);
            while (!places.isEmpty() && isSeparator(places.get(0))) {
                places.remove(0);
            }
        }
    }

    /** A full stop at the end belongs to the sentence; other marks there belong to the title. */
    private void trimEnd() {
        int gap = places.lastIndexOf(GAP);
        boolean ends = gap >= 0
                && places.subList(gap + 1, places.size()).stream()
                        .allMatch(it -> isSeparator(it)
                                || (tokens.get(it).is(Kind.MARK)
                                        && ".!?…".contains(tokens.get(it).text())));
        if (!ends) {
            return;
        }
        var tail = places.subList(gap + 1, places.size());
        tail.removeIf(it -> isSeparator(it) || tokens.get(it).text().equals("."));
        places.remove(gap);
        while (gap > 0 && isSeparator(places.get(gap - 1))) {
            places.remove(--gap);
        }
    }

    private boolean encloses(int opening, int closing) {
        int pair = opening == GAP || closing == GAP
                ? -1
                : OPENING.indexOf(tokens.get(opening).text());
        return pair >= 0
                && tokens.get(opening).is(Kind.MARK)
                && CLOSING.indexOf(tokens.get(closing).text()) == pair;
    }

    private boolean isSeparator(int place) {
        return place != GAP
                && List.of(",", ";", ":", "-", "–", "—")
                        .contains(tokens.get(place).text());
    }

    private boolean isApart(int last, int place) {
        int end = tokens.get(last).to();
        int from = tokens.get(place).from();
        if (place == last + 1) {
            return from > end;
        }
        // A mark that closed the words taken out closes the words before them.
        boolean closes =
                tokens.get(place).is(Kind.MARK) && tokens.get(place - 1).to() == from;
        return !closes;
    }

    private void append(Token token, StringBuilder text) {
        boolean space = false;
        for (int at = token.from(); at < token.to(); at++) {
            if (!Tokenizer.isSpace(message[at])) {
                text.appendCodePoint(message[at]);
                space = false;
            } else if (!space) {
                text.append(' ');
                space = true;
            }
        }
    }
}
