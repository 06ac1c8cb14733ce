package dev.sandglass.task.domain.dav;

import dev.sandglass.support.domain.Rejection;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import javax.xml.namespace.QName;
import org.jspecify.annotations.Nullable;

/** An answer 207 (RFC 4918 section 13) in the making. */
public final class Multistatus {
    private static final String BEGIN =
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<D:multistatus xmlns:D=\"DAV:\"" + " xmlns:C=\"" + DavNames.CAL
                    + "\" xmlns:S=\"" + DavNames.SERVER + "\" xmlns:A=\"" + DavNames.APPLE + "\">";
    /** Characters of an answer, which is not in pages. */
    private static final int LARGEST = 8_000_000;
    /** Characters that XML 1.0 has no way to write. */
    private static final Pattern NO_XML =
            Pattern.compile("[^\\t\\n\\r\\x{20}-\\x{D7FF}\\x{E000}-\\x{FFFD}\\x{10000}-\\x{10FFFF}]");

    private final StringBuilder text = new StringBuilder(BEGIN);

    /** Text within an element. */
    public static String text(String plain) {
        return NO_XML.matcher(plain)
                .replaceAll("\ufffd")
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\r", "&#13;");
    }

    private static String quoted(String plain) {
        return text(plain).replace("\"", "&quot;").replace("\n", "&#10;").replace("\t", "&#9;");
    }

    static String href(String path) {
        return "<D:href>" + text(path) + "</D:href>";
    }

    /** An element without content. */
    static String empty(QName name) {
        return element(name, "");
    }

    private static String element(QName name, String within) {
        String prefix = DavNames.PREFIXES.get(name.getNamespaceURI());
        String tag = prefix == null ? "x:" + name.getLocalPart() : prefix + ":" + name.getLocalPart();
        String begin = "<" + tag + (prefix == null ? " xmlns:x=\"" + quoted(name.getNamespaceURI()) + "\"" : "");
        if (name.getNamespaceURI().isEmpty()) {
            // A prefix must be bound to something, so the name stands for itself.
            tag = name.getLocalPart();
            begin = "<" + tag + " xmlns=\"\"";
        }
        return within.isEmpty() ? begin + "/>" : begin + ">" + within + "</" + tag + ">";
    }

    /** The properties of something that are asked for. */
    public void show(ShownProperty shown, Wanted wanted) {
        add(response(shown, wanted));
    }

    /** A part of the answer that was made before. */
    public void add(String response) {
        text.append(response);
        if (text.length() > LARGEST) {
            throw tooMany();
        }
    }

    /** @see #show */
    public static String response(ShownProperty shown, Wanted wanted) {
        StringBuilder text = new StringBuilder();
        StringBuilder found = new StringBuilder();
        StringBuilder missing = new StringBuilder();
        for (QName name : wanted.of(shown.names())) {
            String value = shown.value(name);
            if (value == null) {
                missing.append(empty(name));
            } else {
                found.append(wanted.namesOnly() ? empty(name) : element(name, value));
            }
        }
        text.append("<D:response>").append(href(shown.href()));
        if (found.length() > 0 || missing.length() == 0) {
            propstat(text, found, "200 OK", null);
        }
        if (missing.length() > 0) {
            propstat(text, missing, "404 Not Found", null);
        }
        return text.append("</D:response>").toString();
    }

    /** Something that is not there (any more). */
    public void missing(String path) {
        add("<D:response>" + href(path) + "<D:status>HTTP/1.1 404 Not Found</D:status></D:response>");
    }

    /**
     * Adds the outcome of a change of properties.
     *
     * @param refused those that made it fail; where there are some, the others fail with them
     */
    public void changed(String path, Set<QName> names, Map<QName, QName> refused) {
        text.append("<D:response>").append(href(path));
        for (QName name : names) {
            QName condition = refused.get(name);
            String status =
                    condition != null ? "403 Forbidden" : refused.isEmpty() ? "200 OK" : "424 Failed Dependency";
            propstat(text, empty(name), status, condition);
        }
        text.append("</D:response>");
    }

    private static void propstat(
            StringBuilder text, CharSequence properties, String status, @Nullable QName condition) {
        text.append("<D:propstat><D:prop>")
                .append(properties)
                .append("</D:prop><D:status>HTTP/1.1 ")
                .append(status)
                .append("</D:status>")
                .append(condition == null ? "" : "<D:error>" + empty(condition) + "</D:error>")
                .append("</D:propstat>");
    }

    /** How far a client is that has this answer. */
    public void token(SyncToken token) {
        text.append("<D:sync-token>").append(token).append("</D:sync-token>");
    }

    public static Rejection tooMany() {
        return DavRefused.because(DavNames.WITHIN_LIMITS, "The answer would be too large; ask for less at once");
    }

    /**
     * A refusal (RFC 4918 section 16).
     *
     * @param condition that is not met; null where none has a name
     */
    public static DavReply refusal(int status, @Nullable QName condition, @Nullable String sentence) {
        return DavReply.xml(
                status,
                "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<D:error xmlns:D=\"DAV:\" xmlns:C=\"" + DavNames.CAL
                        + "\" xmlns:S=\"urn:sandglass\">" + (condition == null ? "" : empty(condition)) + "<S:detail>"
                        + text(String.valueOf(sentence)) + "</S:detail></D:error>");
    }

    /** The whole answer. */
    public DavReply reply() {
        return DavReply.xml(207, text + "</D:multistatus>");
    }
}
