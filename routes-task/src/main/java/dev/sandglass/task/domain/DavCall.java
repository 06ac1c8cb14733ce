package dev.sandglass.task.domain;

import dev.sandglass.support.domain.Documents;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import dev.sandglass.task.domain.dav.DavPath;
import org.jspecify.annotations.Nullable;

/**
 * A call of CalDAV. Routes carry it as the exchange property {@code dav}.
 *
 * @param depth as it was sent; null where it was not
 * @param ifMatch likewise
 * @param ifNoneMatch likewise
 */
public record DavCall(
        Request request,
        String method,
        DavPath path,
        @Nullable String depth,
        @Nullable String ifMatch,
        @Nullable String ifNoneMatch,
        String body) {

    /** @throws Rejection NOT_FOUND where it is another's */
    public DavCall {
        if (!path.user().isEmpty() && !path.user().equals(request.user())) {
            throw nothing();
        }
    }

    /** The method and the kind of its path, as {@code put TASK}: each method is for few kinds. */
    public String getDoes() {
        return switch (method) {
                    case "GET", "HEAD" -> "get ";
                    case "PUT" -> "put ";
                    case "DELETE" -> "delete ";
                    default -> "";
                }
                + path.kind();
    }

    /** The list that its path names. */
    String list(Documents documents) {
        return SavedCalendars.of(documents, request.user()).list(path.list());
    }

    static Rejection nothing() {
        return new Rejection(Reason.NOT_FOUND, "There is nothing here");
    }

    /** Tells if the caller may write at all: a personal token may be for reading alone. */
    boolean mayWrite() {
        return request.grant() == null || request.grant().scopes().contains(Grant.WRITE);
    }

    /**
     * @param tag of what is there; null: nothing is
     * @throws Rejection STALE where the client means something else (RFC 9110 section 13.1: strong comparison)
     */
    void refuseUnlessMeant(@Nullable String tag) {
        if (ifMatch != null && !names(ifMatch, tag) || ifNoneMatch != null && names(ifNoneMatch, tag)) {
            throw new Rejection(Reason.STALE, "The task was changed meanwhile, or is (not) there");
        }
    }

    /** Tells if the client has what is there. */
    boolean isKnown(String tag) {
        return Request.isKnown(ifNoneMatch, tag);
    }

    private static boolean names(String tags, @Nullable String tag) {
        return tag != null && Request.names(tags, tag);
    }
}
