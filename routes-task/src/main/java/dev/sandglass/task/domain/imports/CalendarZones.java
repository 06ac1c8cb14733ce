package dev.sandglass.task.domain.imports;

import com.github.mangstadt.vinnie.VObjectProperty;
import com.github.mangstadt.vinnie.io.Context;
import com.github.mangstadt.vinnie.io.VObjectDataAdapter;
import dev.sandglass.task.domain.TaskFields;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The zones (VTIMEZONE) of a calendar, which say which of the IANA database they are. They may come after the tasks. */
final class CalendarZones extends VObjectDataAdapter {
    private static final String ZONE = "VTIMEZONE";

    private final Map<String, ZoneId> described = new HashMap<>();
    private final Map<String, String> said = new HashMap<>();

    @Override
    public void onComponentBegin(String component, Context context) {
        if (component.equals(ZONE)) {
            said.clear();
        }
    }

    @Override
    public void onProperty(VObjectProperty property, Context context) {
        List<String> around = context.getParentComponents();
        if (!around.isEmpty() && around.get(around.size() - 1).equals(ZONE)) {
            said.put(
                    property.getName().toUpperCase(Locale.ROOT),
                    property.getValue().strip());
        }
    }

    @Override
    public void onComponentEnd(String component, Context context) {
        @Nullable String name = said.get("TZID");
        @Nullable String known = said.get("X-LIC-LOCATION");
        if (component.equals(ZONE) && name != null && known != null) {
            TaskFields.knownZone(known).ifPresent(zone -> described.put(name, zone));
        }
    }

    /** The zone of an item, as {@link SourceZones}. */
    ZoneId of(String name, Item item, ZoneId yours) {
        ZoneId known = described.get(name.strip());
        return known == null ? SourceZones.of(name, item, yours) : known;
    }
}
