package dev.sandglass.task.domain.dav;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import javax.xml.namespace.QName;
import org.jspecify.annotations.Nullable;

/** Refusals with the condition that was not met (RFC 4918 section 16): clients go by it. */
public final class DavRefused {
    /** The extension member of a refusal that names the condition. */
    public static final String CONDITION = "condition";

    private DavRefused() {}

    /** The condition that a refusal means which names none; null: there is no name for it. */
    public static @Nullable QName usual(int status, String method) {
        return switch (status) {
            case 403 -> DavNames.NEED_PRIVILEGES;
            case 413 -> method.equals("PUT") ? DavNames.TOO_LARGE : null;
            case 415 -> method.equals("PUT") ? DavNames.DATA_TYPES : null;
            default -> null;
        };
    }

    public static Rejection because(QName condition, String sentence) {
        return new Rejection(Reason.FORBIDDEN, sentence).with(CONDITION, TextNode.valueOf(condition.toString()));
    }

    /** A refusal of data that is no task as this server keeps one. */
    public static Rejection data(String sentence) {
        return because(DavNames.VALID_DATA, "The calendar cannot be taken: " + sentence);
    }
}
