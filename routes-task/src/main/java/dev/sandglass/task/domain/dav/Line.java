package dev.sandglass.task.domain.dav;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import com.github.mangstadt.vinnie.io.VObjectPropertyValues;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A line of iCalendar (RFC 5545 section 3.1), unfolded.
 *
 * @param name in capitals
 * @param parameters by their names, in capitals; without quotes, else as they are written
 * @param value as it is written, escaped
 */
public record Line(String name, Map<String, List<String>> parameters, String value) {
    /** Bytes of a line that is written. */
    private static final int LONGEST = 75;

    private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}&&[^\t]]");
    private static final Pattern QUOTED = Pattern.compile("[,;:]");

    public Line {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        value = CONTROL.matcher(value).replaceAll("");
    }

    public static Line of(String name, String value) {
        return new Line(name, Map.of(), value);
    }

    /** A line with a text as its value. */
    public static Line text(String name, String text) {
        return of(name, escaped(text));
    }

    public Line with(String parameter, String its) {
        Map<String, List<String>> more = new LinkedHashMap<>(parameters);
        more.put(parameter, List.of(its));
        return new Line(name, more, value);
    }

    public @Nullable String parameter(String wanted) {
        List<String> values = parameters.get(wanted);
        return values == null || values.isEmpty() ? null : values.get(0);
    }

    /** The text that the value is. */
    String unescaped() {
        return VObjectPropertyValues.unescape(value);
    }

    /** The texts that the value lists. */
    List<String> listed() {
        return VObjectPropertyValues.parseList(value);
    }

    public static String escaped(String text) {
        return text.replace("\\", "\\\\")
                .replace(";", "\\;")
                .replace(",", "\\,")
                .replace("\r", "")
                .replace("\n", "\\n");
    }

    /** The line in one piece. */
    String whole() {
        String with = parameters.entrySet().stream()
                .map(parameter -> ";" + parameter.getKey() + "="
                        + parameter.getValue().stream().map(Line::quoted).collect(joining(",")))
                .collect(joining());
        return name + with + ":" + value;
    }

    private static String quoted(String parameter) {
        return QUOTED.matcher(parameter).find() ? "\"" + parameter + "\"" : parameter;
    }

    /** Writes it, folded between characters, not within. */
    public void write(StringBuilder text) {
        String line = whole();
        int bytes = 0;
        for (int at = 0; at < line.length(); ) {
            String one = Character.toString(line.codePointAt(at));
            int size = one.getBytes(UTF_8).length;
            if (bytes + size > LONGEST) {
                text.append("\r\n ");
                bytes = 1;
            }
            text.append(one);
            bytes += size;
            at += one.length();
        }
        text.append("\r\n");
    }
}
