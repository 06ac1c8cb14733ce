package dev.sandglass.task.domain;

import dev.sandglass.events.Role;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import java.util.Optional;

/** The rights of users on a list. A list that somebody may not see does not exist for them. */
final class Access {
    private Access() {}

    static Rejection noTask() {
        return new Rejection(Reason.NOT_FOUND, "There is no such task");
    }

    static Rejection noList() {
        return new Rejection(Reason.NOT_FOUND, "There is no such list");
    }

    /**
     * The name of a list.
     *
     * @throws Rejection INVALID where nobody can see anything of it
     */
    static String name(String wanted) {
        try {
            return Invisible.refuse(wanted);
        } catch (IllegalArgumentException e) {
            throw Rejection.wrong("/name", String.valueOf(e.getMessage()));
        }
    }

    /** @throws Rejection as given to those who may not even see it */
    static Head reader(Optional<Head> head, Request asked, Rejection otherwise) {
        if (head.isEmpty() || head.get().role(asked) == null) {
            throw otherwise;
        }
        return head.get();
    }

    /** @throws Rejection FORBIDDEN for a viewer, else as {@link #reader} */
    static Head writer(Optional<Head> head, Request asked, Rejection otherwise) {
        Head seen = reader(head, asked, otherwise);
        Role role = seen.role(asked);
        if (role == null || !role.writes()) {
            throw new Rejection(Reason.FORBIDDEN, "You may read this list, not change it");
        }
        return seen;
    }

    /** @throws Rejection FORBIDDEN for other members, else as {@link #reader} */
    static Head owner(Optional<Head> head, Request asked, Rejection otherwise) {
        Head seen = reader(head, asked, otherwise);
        if (!seen.owner().equals(asked.user())) {
            throw new Rejection(Reason.FORBIDDEN, "Only the owner of the list may do this");
        }
        return seen;
    }
}
