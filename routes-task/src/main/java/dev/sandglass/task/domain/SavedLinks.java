package dev.sandglass.task.domain;

import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Documents;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import java.util.List;
import java.util.stream.Stream;

/**
 * The links of a list, in their order, under {@code list/<list>/links}.
 *
 * @param v schema version of the stored value
 */
public record SavedLinks(int v, List<Link> links) {
    private static final int MOST = 100;
    private static final int MOST_OF_USER = 10;

    public SavedLinks {
        links = List.copyOf(links);
    }

    static SavedLinks of(Documents documents, String list) {
        Stored stored = documents.get(Keys.links(list));
        return stored.absent() ? new SavedLinks(1, List.of()) : stored.as(SavedLinks.class);
    }

    /** @throws Rejection INVALID where they become too many */
    SavedLinks with(Link one) {
        if (links.size() >= MOST
                || links.stream().filter(link -> link.user().equals(one.user())).count() >= MOST_OF_USER) {
            throw new Rejection(
                    Reason.INVALID,
                    "A list may have " + MOST + " links, " + MOST_OF_USER + " of each member; withdraw one first");
        }
        return new SavedLinks(v, Stream.concat(links.stream(), Stream.of(one)).toList());
    }

    SavedLinks without(Link one) {
        return new SavedLinks(
                v, links.stream().filter(link -> !link.equals(one)).toList());
    }
}
