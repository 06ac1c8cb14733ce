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
    static Head reader(Optional<Head> head, String user, Rejection otherwise) {
        if (head.isEmpty() || head.get().role(user) == null) {
            throw otherwise;
        }
        return head.get();
    }

    /** @throws Rejection FORBIDDEN for a viewer, else as {@link #reader} */
    static Head writer(Optional<Head> head, String user, Rejection otherwise) {
        Head seen = reader(head, user, otherwise);
        Role role = seen.role(user);
        if (role == null || !role.writes()) {
            throw new Rejection(Reason.FORBIDDEN, "You may read this list, not change it");
        }
        return seen;
    }

    /** @throws Rejection FORBIDDEN for other members, else as {@link #reader} */
    static Head owner(Optional<Head> head, String user, Rejection otherwise) {
        Head seen = reader(head, user, otherwise);
        if (!seen.owner().equals(user)) {
            throw new Rejection(Reason.FORBIDDEN, "Only the owner of the list may do this");
        }
        return seen;
    }
}
