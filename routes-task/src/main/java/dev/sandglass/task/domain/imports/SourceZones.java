package dev.sandglass.task.domain.imports;

import java.time.ZoneId;
import java.util.Optional;

/** Time zones as files name them. */
final class SourceZones {
    private SourceZones() {}

    /** By a name of the IANA database, also behind the prefix that some programs put before it; empty for any other. */
    static Optional<ZoneId> named(String name) {
        for (String rest = name.strip(); !rest.isEmpty(); rest = rest.substring(rest.indexOf('/') + 1)) {
            if (ZoneId.getAvailableZoneIds().contains(rest) && !rest.startsWith("SystemV/")) {
                return Optional.of(ZoneId.of(rest));
            }
            if (rest.indexOf('/') < 0) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    /** The zone of an item: yours, and a word about it, where the name says nothing here. */
    static ZoneId of(String name, Item item, ZoneId yours) {
        Optional<ZoneId> known = named(name);
        if (known.isEmpty() && !name.isBlank()) {
            item.lost("Its time zone “" + Item.quoted(name) + "” is not known; yours is taken");
        }
        return known.orElse(yours);
    }
}
