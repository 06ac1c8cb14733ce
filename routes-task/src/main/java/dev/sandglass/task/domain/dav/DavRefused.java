package dev.sandglass.task.domain.dav;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import javax.xml.namespace.QName;

/** Refusals with the condition that was not met (RFC 4918 section 16): clients go by it. */
public final class DavRefused {
    /** The extension member of a refusal that names the condition. */
    public static final String CONDITION = "condition";

    private DavRefused() {}

    public static Rejection because(QName condition, String sentence) {
        return new Rejection(Reason.FORBIDDEN, sentence).with(CONDITION, TextNode.valueOf(condition.toString()));
    }

    /** A refusal of data that is no task as this server keeps one. */
    public static Rejection data(String sentence) {
        return because(DavNames.VALID_DATA, "The calendar cannot be taken: " + sentence);
    }
}
