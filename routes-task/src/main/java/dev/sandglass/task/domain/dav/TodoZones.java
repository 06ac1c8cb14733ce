package dev.sandglass.task.domain.dav;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sandglass.task.domain.TaskFields;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.IntStream;

/** The zones that a calendar names. */
public final class TodoZones {
    /** Zones of texts that are made here. */
    public static final TodoZones KNOWN = new TodoZones(Map.of());

    /** Microsoft's names for zones, from CLDR. */
    private static final Properties WINDOWS = windows();

    /** A zone of the IANA database has three parts at most. */
    private static final int PARTS = 3;

    private final Map<String, ZoneId> described;

    private TodoZones(Map<String, ZoneId> described) {
        this.described = described;
    }

    /** Reads the zones that are called by names of the IANA database, or say which of it they are. */
    static TodoZones of(Component calendar) {
        Map<String, ZoneId> described = new HashMap<>();
        calendar.inner("VTIMEZONE").forEach(zone -> {
            String name = zone.value("TZID");
            String known = zone.value("X-LIC-LOCATION");
            if (name != null && known != null) {
                TaskFields.knownZone(known).ifPresent(id -> described.put(name, id));
            }
        });
        return new TodoZones(described);
    }

    private static Properties windows() {
        Properties zones = new Properties();
        try (Reader text = new InputStreamReader(
                Objects.requireNonNull(TodoZones.class.getResourceAsStream("windows-zones.properties")), UTF_8)) {
            zones.load(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return zones;
    }

    /** @throws dev.sandglass.support.domain.Rejection as {@link DavRefused#data} where nobody knows which it is */
    ZoneId zone(String name) {
        // Programs call zones with summer time EST, too.
        return Optional.ofNullable(described.get(name))
                .or(() -> TaskFields.knownZone(name))
                .or(() -> byOtherName(name))
                .orElseThrow(() -> DavRefused.data("the time zone " + name + " is none of the IANA database"));
    }

    /** The zone whose name is all, or the end, of another, as in {@code /example.org/20260101/Europe/Berlin}; or that Microsoft names so. */
    public static Optional<ZoneId> byOtherName(String name) {
        return atEnd(name)
                .or(() -> Optional.ofNullable(WINDOWS.getProperty(name)).flatMap(TaskFields::knownZone));
    }

    private static Optional<ZoneId> atEnd(String name) {
        List<String> parts = List.of(name.split("/"));
        return IntStream.rangeClosed(Math.max(0, parts.size() - PARTS), parts.size() - 1)
                .mapToObj(from -> TaskFields.knownZone(String.join("/", parts.subList(from, parts.size()))))
                .flatMap(Optional::stream)
                .findFirst();
    }
}
