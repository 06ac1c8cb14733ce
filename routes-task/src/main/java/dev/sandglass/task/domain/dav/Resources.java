package dev.sandglass.task.domain.dav;

import dev.sandglass.events.Task;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.namespace.QName;
import org.jspecify.annotations.Nullable;

/** The properties of what is under {@code /dav/}. */
public final class Resources {
    /** Bytes of what is put; what is kept of it is less. */
    private static final int LARGEST = 1_000_000;

    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private static final List<QName> READ = dav("read", "read-current-user-privilege-set");
    private static final List<QName> WRITE = dav(
            "read", "read-current-user-privilege-set", "write", "write-content", "write-properties", "bind", "unbind");
    private static final List<QName> OF_TASK = List.of(
            DavNames.TYPE,
            DavNames.ETAG,
            DavNames.CONTENT_TYPE,
            DavNames.MODIFIED,
            DavNames.CREATED,
            DavNames.PRIVILEGES);

    private Resources() {}

    private static List<QName> dav(String... names) {
        return Stream.of(names).map(name -> new QName(DavNames.DAV, name)).toList();
    }

    private record Written(String href, Map<QName, String> values) implements ShownProperty {
        @Override
        public List<QName> names() {
            return List.copyOf(values.keySet());
        }

        @Override
        public @Nullable String value(QName name) {
            return values.get(name);
        }

        Written with(QName name, String value) {
            values.put(name, value);
            return this;
        }
    }

    private static Written collection(String href, String name, String user) {
        return new Written(href, new LinkedHashMap<>())
                .with(DavNames.TYPE, Multistatus.empty(DavNames.COLLECTION))
                .with(DavNames.DISPLAY_NAME, Multistatus.text(name))
                .with(DavNames.CURRENT_PRINCIPAL, Multistatus.href(DavPath.principal(user)));
    }

    /** A collection above the homes of users. */
    public static ShownProperty above(DavPath path, String user) {
        return collection(path.href(), "Sandglass", user).with(DavNames.PRIVILEGES, privileges(false));
    }

    public static ShownProperty principal(String user) {
        String href = DavPath.principal(user);
        return collection(href, user, user)
                .with(
                        DavNames.TYPE,
                        Multistatus.empty(DavNames.COLLECTION)
                                + Multistatus.empty(new QName(DavNames.DAV, "principal")))
                .with(DavNames.PRINCIPAL_URL, Multistatus.href(href))
                .with(DavNames.HOME_SET, Multistatus.href(DavPath.home(user)))
                .with(DavNames.ADDRESSES, Multistatus.href(href))
                .with(DavNames.PRIVILEGES, privileges(false));
    }

    public static ShownProperty home(String user, boolean writes) {
        return collection(DavPath.home(user), user, user)
                .with(DavNames.OWNER, Multistatus.href(DavPath.principal(user)))
                .with(DavNames.PRIVILEGES, privileges(writes));
    }

    /**
     * A list as a calendar of a user.
     *
     * @param segment of its path
     * @param writes whether they may write in it
     * @param color as their programs set it; null: none did
     * @param order likewise
     */
    public record Calendar(
            String segment,
            String user,
            String name,
            String owner,
            boolean writes,
            SyncToken token,
            @Nullable String color,
            @Nullable String order) {
        public String href() {
            return DavPath.list(user, segment);
        }
    }

    public static ShownProperty list(Calendar list) {
        Written shown = collection(list.href(), list.name, list.user)
                .with(DavNames.TYPE, Multistatus.empty(DavNames.COLLECTION) + Multistatus.empty(DavNames.CALENDAR))
                .with(DavNames.OWNER, Multistatus.href(DavPath.principal(list.owner)))
                .with(DavNames.PRIVILEGES, privileges(list.writes))
                .with(DavNames.COMPONENTS, "<C:comp name=\"VTODO\"/>")
                .with(DavNames.DATA_TYPES, "<C:calendar-data content-type=\"text/calendar\" version=\"2.0\"/>")
                .with(DavNames.LARGEST, Integer.toString(LARGEST))
                .with(DavNames.CTAG, list.token.toString())
                .with(DavNames.SYNC_TOKEN, list.token.toString())
                .with(
                        DavNames.REPORTS,
                        Stream.of(DavNames.QUERY, DavNames.MULTIGET, DavNames.SYNC)
                                .map(report -> "<D:supported-report><D:report>" + Multistatus.empty(report)
                                        + "</D:report></D:supported-report>")
                                .collect(Collectors.joining()));
        if (list.color != null) {
            shown.with(DavNames.COLOR, Multistatus.text(list.color));
        }
        if (list.order != null) {
            shown.with(DavNames.ORDER, Multistatus.text(list.order));
        }
        return shown;
    }

    private static String privileges(boolean writes) {
        return (writes ? WRITE : READ)
                .stream()
                        .map(privilege -> "<D:privilege>" + Multistatus.empty(privilege) + "</D:privilege>")
                        .collect(Collectors.joining());
    }

    /**
     * A task as a resource in a calendar.
     *
     * @param data it as iCalendar; null where it is not read
     */
    public record Resource(
            Calendar list,
            String name,
            String tag,
            Task task,
            @Nullable Supplier<String> data) implements ShownProperty {
        @Override
        public String href() {
            return DavPath.task(list.user, list.segment, name);
        }

        @Override
        public List<QName> names() {
            return OF_TASK;
        }

        @Override
        public @Nullable String value(QName wanted) {
            if (wanted.equals(DavNames.CALENDAR_DATA)) {
                return data == null ? null : Multistatus.text(data.get());
            }
            if (!OF_TASK.contains(wanted)) {
                return wanted.equals(DavNames.CURRENT_PRINCIPAL)
                        ? Multistatus.href(DavPath.principal(list.user))
                        : wanted.equals(DavNames.OWNER) ? Multistatus.href(DavPath.principal(list.owner)) : null;
            }
            return switch (wanted.getLocalPart()) {
                case "getetag" -> Multistatus.text(tag);
                case "getcontenttype" -> "text/calendar; charset=utf-8; component=VTODO";
                case "getlastmodified" -> HTTP_DATE.format(task.updatedAt());
                case "creationdate" ->
                    task.createdAt().truncatedTo(ChronoUnit.SECONDS).toString();
                case "current-user-privilege-set" -> privileges(list.writes);
                default -> "";
            };
        }
    }
}
