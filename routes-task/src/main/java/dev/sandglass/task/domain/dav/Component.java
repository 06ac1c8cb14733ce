package dev.sandglass.task.domain.dav;

import com.github.mangstadt.vinnie.SyntaxStyle;
import com.github.mangstadt.vinnie.VObjectProperty;
import com.github.mangstadt.vinnie.io.Context;
import com.github.mangstadt.vinnie.io.SyntaxRules;
import com.github.mangstadt.vinnie.io.VObjectDataAdapter;
import com.github.mangstadt.vinnie.io.VObjectReader;
import com.github.mangstadt.vinnie.io.Warning;
import dev.sandglass.support.domain.Rejection;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A part of a calendar (RFC 5545), as it was written: its lines, and the parts within it. */
public record Component(String name, List<Line> lines, List<Component> inner) {
    /** A part of a calendar does not say its version. */
    private static final SyntaxRules RFC_5545 = new SyntaxRules(SyntaxStyle.NEW);

    private static final int DEEPEST = 5;
    private static final int MOST_LINES = 10_000;

    /**
     * @param text from a BEGIN to its END, and nothing else
     * @throws Rejection as {@link DavRefused#data} where it is no iCalendar
     */
    public static Component read(String text) {
        Reading reading = new Reading();
        try (VObjectReader reader = new VObjectReader(new StringReader(text), RFC_5545)) {
            // Parameters are given back as they came.
            reader.setCaretDecodingEnabled(false);
            reader.parse(reading);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return reading.whole();
    }

    /** One that says nothing. */
    static Component empty(String name) {
        return new Component(name, List.of(), List.of());
    }

    /** The same without the lines of some names. */
    Component without(Set<String> unwanted) {
        return new Component(
                name,
                lines.stream().filter(line -> !unwanted.contains(line.name())).toList(),
                inner);
    }

    /** The same, but for what another says: its lines stand for those of their names, and its parts, if any, for all. */
    Component with(Component other) {
        Set<String> said = other.lines.stream().map(Line::name).collect(Collectors.toSet());
        return new Component(
                name,
                Stream.concat(without(said).lines.stream(), other.lines.stream())
                        .toList(),
                other.inner.isEmpty() ? inner : other.inner);
    }

    Optional<Line> line(String wanted) {
        return lines(wanted).findFirst();
    }

    Stream<Line> lines(String wanted) {
        return lines.stream().filter(line -> line.name().equals(wanted));
    }

    boolean has(String wanted) {
        return line(wanted).isPresent();
    }

    /** The value of a line as it is written. */
    @Nullable
    String value(String wanted) {
        return line(wanted).map(line -> line.value().strip()).orElse(null);
    }

    Stream<Component> inner(String wanted) {
        return inner.stream().filter(one -> one.name.equals(wanted));
    }

    /** Tells if it has the same lines and parts, in any order. */
    public boolean saysTheSame(Component other) {
        return inOrder().equals(other.inOrder());
    }

    private List<String> inOrder() {
        return Stream.concat(lines.stream().map(Line::whole), inner.stream().map(one -> one.name + one.inOrder()))
                .sorted()
                .toList();
    }

    public void write(StringBuilder text) {
        Line.of("BEGIN", name).write(text);
        lines.forEach(line -> line.write(text));
        inner.forEach(one -> one.write(text));
        Line.of("END", name).write(text);
    }

    /** The lines between BEGIN and END, each in one piece. */
    String body() {
        StringBuilder body = new StringBuilder();
        lines.forEach(line -> body.append(line.whole()).append('\n'));
        inner.forEach(one -> body.append("BEGIN:")
                .append(one.name)
                .append('\n')
                .append(one.body())
                .append("END:")
                .append(one.name)
                .append('\n'));
        return body.toString();
    }

    /** RFC 5545 section 3.1; other programs read nothing of a calendar that has another. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9-]+");

    private static final class Reading extends VObjectDataAdapter {
        private final Deque<Component> open = new ArrayDeque<>();
        private @Nullable Component first;
        private int count;

        Component whole() {
            if (first == null || !open.isEmpty()) {
                throw DavRefused.data("it must be one calendar, from BEGIN:VCALENDAR to END:VCALENDAR");
            }
            return first;
        }

        @Override
        public void onComponentBegin(String name, Context context) {
            refuseOdd(name, context);
            Component begun = new Component(name.toUpperCase(Locale.ROOT), new ArrayList<>(), new ArrayList<>());
            Component around = open.peek();
            if (around == null ? first != null : open.size() >= DEEPEST) {
                throw wrong(context, "there is too much in each other, or more than one calendar");
            }
            if (around == null) {
                first = begun;
            } else {
                around.inner.add(begun);
            }
            open.push(begun);
            countOne(context);
        }

        @Override
        public void onComponentEnd(String name, Context context) {
            open.pop();
        }

        @Override
        public void onProperty(VObjectProperty property, Context context) {
            Component around = open.peek();
            if (around == null) {
                throw wrong(context, "this is outside of the calendar");
            }
            countOne(context);
            Map<String, List<String>> parameters = new LinkedHashMap<>();
            for (Map.Entry<String, List<String>> parameter : property.getParameters()) {
                refuseOdd(parameter.getKey(), context);
                parameters.put(parameter.getKey().toUpperCase(Locale.ROOT), parameter.getValue());
            }
            if (property.getGroup() != null) {
                throw wrong(context, "a name has no point in it");
            }
            refuseOdd(property.getName(), context);
            around.lines.add(new Line(
                    property.getName().toUpperCase(Locale.ROOT),
                    parameters,
                    property.getValue() == null ? "" : property.getValue()));
        }

        @Override
        public void onWarning(
                Warning warning, @Nullable VObjectProperty property, @Nullable Exception e, Context context) {
            throw wrong(context, "this is no iCalendar (RFC 5545)");
        }

        private static void refuseOdd(@Nullable String name, Context context) {
            if (name == null || !NAME.matcher(name).matches()) {
                throw wrong(context, "a name is of letters, digits and hyphens");
            }
        }

        private void countOne(Context context) {
            if (++count > MOST_LINES) {
                throw wrong(context, "there are too many lines");
            }
        }

        private static Rejection wrong(Context context, String sentence) {
            return DavRefused.data("line " + context.getLineNumber() + ": " + sentence);
        }
    }
}
