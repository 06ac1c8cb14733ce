package dev.sandglass.task.usecase;

import dev.sandglass.events.Role;
import dev.sandglass.support.Problem;
import dev.sandglass.task.domain.Head;
import dev.sandglass.task.domain.Invisible;
import java.util.Optional;

/** Who may do what with a list. What somebody may not see does not exist for them. */
final class Access {
    private Access() {}

    static Problem noTask() {
        return new Problem(404, "There is no such task");
    }

    static Problem noList() {
        return new Problem(404, "There is no such list");
    }

    /**
     * The name of a list.
     *
     * @throws Problem 422 where nobody can see anything of it
     */
    static String name(String wanted) {
        try {
            return Invisible.refuse(wanted);
        } catch (IllegalArgumentException e) {
            throw Problem.wrong("/name", String.valueOf(e.getMessage()));
        }
    }

    /** @throws Problem as given to those who may not even see it */
    static Head reader(Optional<Head> head, String user, Problem otherwise) {
        if (head.isEmpty() || head.get().role(user) == null) {
            throw otherwise;
        }
        return head.get();
    }

    /** @throws Problem 403 for a viewer, else as {@link #reader} */
    static Head writer(Optional<Head> head, String user, Problem otherwise) {
        Head seen = reader(head, user, otherwise);
        Role role = seen.role(user);
        if (role == null || !role.writes()) {
            throw new Problem(403, "You may read this list, not change it");
        }
        return seen;
    }

    /** @throws Problem 403 for other members, else as {@link #reader} */
    static Head owner(Optional<Head> head, String user, Problem otherwise) {
        Head seen = reader(head, user, otherwise);
        if (!seen.owner().equals(user)) {
            throw new Problem(403, "Only the owner of the list may do this");
        }
        return seen;
    }
}
