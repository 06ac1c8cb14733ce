package dev.sandglass.task.domain.imports;

import dev.sandglass.task.domain.dav.TodoZones;
import java.time.ZoneId;
import java.util.Optional;

/** Time zones as files name them. */
final class SourceZones {
    private SourceZones() {}

    /** The zone of an item: yours, and a word about it, where the name says nothing here. */
    static ZoneId of(String name, Item item, ZoneId yours) {
        Optional<ZoneId> known = TodoZones.byOtherName(name.strip());
        if (known.isEmpty() && !name.isBlank()) {
            item.lost("Its time zone “" + Item.quoted(name) + "” is not known; yours is taken");
        }
        return known.orElse(yours);
    }
}
