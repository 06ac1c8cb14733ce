package dev.sandglass.task.domain.dav;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sandglass.support.domain.Rejection;
import java.net.URLDecoder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A path under {@code /dav/}.
 *
 * @param user whose it is; empty above
 * @param list as the path names it; empty above
 * @param name of the resource of a task; empty above
 */
public record DavPath(Kind kind, String user, String list, String name) {
    public static final String ROOT = "/dav/";
    /** Bytes of what a client names. */
    private static final int LONGEST = 255;

    private static final String PRINCIPALS = ROOT + "principals/";
    private static final String HOMES = ROOT + "calendars/";
    private static final String PLAIN = "-._~@:!$*+,=";

    /** The kind of resource at a path. */
    public enum Kind {
        ROOT,
        PRINCIPALS,
        PRINCIPAL,
        HOMES,
        HOME,
        LIST,
        TASK;

        /** The methods that are for one. */
        public Set<String> methods() {
            Set<String> methods = new TreeSet<>(Set.of("OPTIONS", "PROPFIND", "PROPPATCH", "REPORT"));
            switch (this) {
                case LIST -> methods.addAll(Set.of("DELETE", "MKCALENDAR", "MKCOL"));
                case TASK -> methods.addAll(Set.of("DELETE", "GET", "HEAD", "PUT"));
                default -> {}
            }
            return methods;
        }
    }

    /**
     * @param parts of the path behind {@code /dav/}, decoded
     * @return empty where nothing can be
     */
    public static Optional<DavPath> of(List<String> parts) {
        // A task of a longer name is none, and a new one is refused with the limit.
        if (parts.stream().anyMatch(DavPath::isOdd) || parts.stream().limit(3).anyMatch(DavPath::isTooLong)) {
            return Optional.empty();
        }
        String first = parts.isEmpty() ? "" : parts.get(0);
        int count = parts.size();
        return switch (first) {
            case "" -> count == 0 ? Optional.of(path(Kind.ROOT, parts)) : Optional.empty();
            case "principals" ->
                count == 1
                        ? Optional.of(path(Kind.PRINCIPALS, parts))
                        : count == 2 ? Optional.of(path(Kind.PRINCIPAL, parts)) : Optional.empty();
            case "calendars" ->
                switch (count) {
                    case 1 -> Optional.of(path(Kind.HOMES, parts));
                    case 2 -> Optional.of(path(Kind.HOME, parts));
                    case 3 -> Optional.of(path(Kind.LIST, parts));
                    case 4 -> Optional.of(path(Kind.TASK, parts));
                    default -> Optional.empty();
                };
            default -> Optional.empty();
        };
    }

    /** Tells if the resource of a task may have this name. */
    public static boolean isName(String name) {
        return !isOdd(name) && !isTooLong(name);
    }

    private static boolean isOdd(String part) {
        return part.isEmpty()
                || part.equals(".")
                || part.equals("..")
                || part.chars().anyMatch(letter -> letter == '/' || letter == '\\' || Character.isISOControl(letter));
    }

    private static boolean isTooLong(String part) {
        return part.getBytes(UTF_8).length > LONGEST;
    }

    /** @throws Rejection where a new task cannot have its name */
    public void refuseTooLong() {
        if (isTooLong(name)) {
            throw DavRefused.because(
                    DavNames.VALID_OBJECT, "The name of a resource has at most " + LONGEST + " bytes of UTF-8");
        }
    }

    private static DavPath path(Kind kind, List<String> parts) {
        return new DavPath(
                kind,
                parts.size() > 1 ? parts.get(1) : "",
                parts.size() > 2 ? parts.get(2) : "",
                parts.size() > 3 ? parts.get(3) : "");
    }

    public String href() {
        return switch (kind) {
            case ROOT -> ROOT;
            case PRINCIPALS -> PRINCIPALS;
            case PRINCIPAL -> principal(user);
            case HOMES -> HOMES;
            case HOME -> home(user);
            case LIST -> list(user, list);
            case TASK -> list(user, list) + encoded(name);
        };
    }

    static String principal(String user) {
        return PRINCIPALS + encoded(user) + "/";
    }

    static String home(String user) {
        return HOMES + encoded(user) + "/";
    }

    public static String list(String user, String list) {
        return home(user) + encoded(list) + "/";
    }

    public static String task(String user, String list, String name) {
        return list(user, list) + encoded(name);
    }

    /** The parts of a path, decoded one by one: a %2F separates nothing. One slash at the end means nothing. */
    public static List<String> parts(String path) {
        String below = path.length() <= ROOT.length() ? "" : path.substring(ROOT.length());
        String whole = below.endsWith("/") ? below.substring(0, below.length() - 1) : below;
        return whole.isEmpty()
                ? List.of()
                : Arrays.stream(whole.split("/", -1)).map(DavPath::decoded).toList();
    }

    private static String decoded(String part) {
        return URLDecoder.decode(part.replace("+", "%2B"), UTF_8);
    }

    private static String encoded(String part) {
        StringBuilder encoded = new StringBuilder();
        for (byte one : part.getBytes(UTF_8)) {
            char letter = (char) (one & 0xff);
            boolean plain = letter < 0x80 && (Character.isLetterOrDigit(letter) || PLAIN.indexOf(letter) >= 0);
            encoded.append(plain ? String.valueOf(letter) : String.format("%%%02X", one & 0xff));
        }
        return encoded.toString();
    }
}
