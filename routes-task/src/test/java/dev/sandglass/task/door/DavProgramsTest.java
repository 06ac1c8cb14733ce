package dev.sandglass.task.door;

import static dev.sandglass.task.door.DoorClient.is;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What DAVx5, Tasks.org and Apple's Reminders send, in the order in which they do: discovery, lists, then tasks there and back. */
@QuarkusTest
@TestProfile(Local.class)
@Tag("FR-013")
class DavProgramsTest extends DavDoor {
    private static final String NAMES =
            " xmlns=\"DAV:\" xmlns:CAL=\"urn:ietf:params:xml:ns:caldav\" xmlns:CS=\"http://calendarserver.org/ns/\""
                    + " xmlns:ICAL=\"http://apple.com/ns/ical/\" xmlns:P=\"https://bitfire.at/webdav-push\" xmlns:OC=\"http://owncloud.org/ns\"";

    private static String asked(String... properties) {
        return "<?xml version='1.0' encoding='UTF-8' ?><propfind" + NAMES + "><prop>"
                + Stream.of(properties).map(name -> "<" + name + " />").collect(Collectors.joining())
                + "</prop></propfind>";
    }

    private static String lines(String... lines) {
        return String.join("\r\n", lines) + "\r\n";
    }

    private String tags() throws Exception {
        HttpResponse<String> all = call(
                "REPORT",
                home + list + "/",
                "<?xml version='1.0' encoding='UTF-8' ?><CAL:calendar-query" + NAMES
                        + "><prop><getetag /></prop><CAL:filter><CAL:comp-filter name=\"VCALENDAR\">"
                        + "<CAL:comp-filter name=\"VTODO\" /></CAL:comp-filter></CAL:filter></CAL:calendar-query>",
                "Depth",
                "1");
        assertStatus(207, all);
        return all.body();
    }

    private HttpResponse<String> read(String... names) throws Exception {
        HttpResponse<String> read = call(
                "REPORT",
                home + list + "/",
                "<?xml version='1.0' encoding='UTF-8' ?><CAL:calendar-multiget" + NAMES
                        + "><prop><getcontenttype /><getetag /><CAL:schedule-tag /><CAL:calendar-data /></prop>"
                        + Stream.of(names)
                                .map(name -> "<href>" + home + list + "/" + name + "</href>")
                                .collect(Collectors.joining())
                        + "</CAL:calendar-multiget>",
                "Depth",
                "0");
        assertStatus(207, read);
        return read;
    }

    private static String tag(String body, String name) {
        Matcher tag = Pattern.compile(
                        Pattern.quote(name) + "</D:href>.*?<D:getetag>([^<]*)</D:getetag>", Pattern.DOTALL)
                .matcher(body);
        assertTrue(tag.find(), body);
        return tag.group(1);
    }

    private List<JsonNode> tasks() throws Exception {
        return is(200, alice.call("GET", "/api/tasks?list=" + list, null))
                .path("tasks")
                .valueStream()
                .toList();
    }

    @Test
    void davx5FindsTheListsAndCarriesTasksBothWays() throws Exception {
        assertStatus(301, call("PROPFIND", "/.well-known/caldav", asked("current-user-principal"), "Depth", "0"));
        String principal = "/dav/principals/" + alice.name() + "/";
        assertHas(
                call("PROPFIND", "/dav/", asked("resourcetype", "displayname", "current-user-principal"), "Depth", "0"),
                principal);
        HttpResponse<String> options = call("OPTIONS", principal, null);
        assertTrue(options.headers().firstValue("DAV").orElse("").contains("calendar-access"));
        HttpResponse<String> sets = call(
                "PROPFIND",
                principal,
                asked(
                        "displayname",
                        "group-membership",
                        "resourcetype",
                        "CAL:calendar-home-set",
                        "CS:calendar-proxy-read-for",
                        "CS:calendar-proxy-write-for"),
                "Depth",
                "0");
        assertHas(sets, "<C:calendar-home-set><D:href>" + home + "</D:href>", "<D:principal/>");
        assertHas(call("PROPFIND", principal, asked("CAL:calendar-user-address-set"), "Depth", "0"), "200 OK");
        HttpResponse<String> lists = call(
                "PROPFIND",
                home,
                asked(
                        "current-user-privilege-set",
                        "displayname",
                        "owner",
                        "resourcetype",
                        "P:transports",
                        "P:topic",
                        "ICAL:calendar-color",
                        "CAL:calendar-description",
                        "CAL:calendar-timezone",
                        "CAL:calendar-timezone-id",
                        "CAL:supported-calendar-component-set",
                        "CS:source"),
                "Depth",
                "1");
        assertHas(
                lists, home + list + "/", "<C:comp name=\"VTODO\"/>", "<D:write-content/>", "<D:bind/>", "<D:unbind/>");
        assertHas(
                call(
                        "PROPFIND",
                        home + list + "/",
                        asked("CAL:max-resource-size", "supported-report-set", "CS:getctag", "sync-token"),
                        "Depth",
                        "0"),
                "<C:max-resource-size>",
                "<S:getctag>",
                "<D:sync-collection/>");
        String name = "0b8b3f1e-6b0b-4f3e-9d39-1ad3a8f7ee01.ics";
        String task = lines(
                "BEGIN:VCALENDAR",
                "VERSION:2.0",
                "PRODID:+//IDN bitfire.at//ical4android (org.dmfs.tasks)",
                "BEGIN:VTODO",
                "DTSTAMP:20300101T000000Z",
                "UID:0b8b3f1e-6b0b-4f3e-9d39-1ad3a8f7ee01",
                "CREATED:20300101T000000Z",
                "LAST-MODIFIED:20300101T000000Z",
                "SUMMARY:Milk",
                "PRIORITY:1",
                "CLASS:PUBLIC",
                "STATUS:NEEDS-ACTION",
                "DUE;TZID=Europe/Vienna:20400102T090000",
                "PERCENT-COMPLETE:0",
                "BEGIN:VALARM",
                "TRIGGER;RELATED=END:-PT10M",
                "ACTION:DISPLAY",
                "DESCRIPTION:Milk",
                "END:VALARM",
                "END:VTODO",
                "BEGIN:VTIMEZONE",
                "TZID:Europe/Vienna",
                "BEGIN:STANDARD",
                "DTSTART:19961027T030000",
                "TZOFFSETFROM:+0200",
                "TZOFFSETTO:+0100",
                "END:STANDARD",
                "END:VTIMEZONE",
                "END:VCALENDAR");
        assertStatus(201, call("PUT", home + list + "/" + name, task, "If-None-Match", "*"));
        assertEquals("urgent", tasks().get(0).path("priority").asText());
        assertEquals("[\"-PT10M\"]", tasks().get(0).path("reminders").toString());
        String known = tag(tags(), name);
        assertHas(read(name), "SUMMARY:Milk", "TZID:Europe/Vienna", known);
        is(200, alice.call("PATCH", "/api/tasks/" + tasks().get(0).path("id").asText(), "{\"title\":\"Oat milk\"}"));
        assertStatus(412, call("PUT", home + list + "/" + name, task, "If-Match", known));
        String now = tag(tags(), name);
        assertHas(read(name), "SUMMARY:Oat milk", "CLASS:PUBLIC");
        String done = task.replace("SUMMARY:Milk", "SUMMARY:Oat milk")
                .replace("STATUS:NEEDS-ACTION", "STATUS:COMPLETED\r\nCOMPLETED:20300101T080000Z")
                .replace("PERCENT-COMPLETE:0", "PERCENT-COMPLETE:100");
        assertStatus(204, call("PUT", home + list + "/" + name, done, "If-Match", now));
        assertEquals("completed", tasks().get(0).path("status").asText());
        assertHas(read(name), "COMPLETED:20300101T080000Z");
        assertStatus(204, call("DELETE", home + list + "/" + name, null, "If-Match", tag(tags(), name)));
        assertStatus(404, call("DELETE", home + list + "/" + name, null));
        assertEquals(List.of(), tasks());
        String made = home + "7d0f6a2c/";
        assertStatus(
                201,
                call(
                        "MKCALENDAR",
                        made,
                        "<?xml version='1.0' encoding='UTF-8' ?><CAL:mkcalendar" + NAMES
                                + "><set><prop><resourcetype><collection />"
                                + "<CAL:calendar /></resourcetype><displayname>Errands</displayname><CAL:calendar-description>x"
                                + "</CAL:calendar-description><ICAL:calendar-color>#FF8BC34A</ICAL:calendar-color>"
                                + "<CAL:calendar-timezone-id>Europe/Vienna</CAL:calendar-timezone-id><CAL:calendar-timezone>BEGIN:VCALENDAR"
                                + "</CAL:calendar-timezone><CAL:supported-calendar-component-set><CAL:comp name=\"VEVENT\" />"
                                + "<CAL:comp name=\"VTODO\" /></CAL:supported-calendar-component-set></prop></set></CAL:mkcalendar>"));
        assertHas(
                call("PROPFIND", made, asked("displayname", "ICAL:calendar-color"), "Depth", "0"),
                "Errands",
                "#FF8BC34A");
    }

    /** It knows no conditions: it fetches what changed first, and then puts its own. */
    @Test
    void tasksOrgFetchesWhatHasAnotherTagAndPutsWithoutConditions() throws Exception {
        assertHas(call("PROPFIND", "/dav/", asked("current-user-principal"), "Depth", "0"), "/dav/principals/");
        String principal = "/dav/principals/" + alice.name() + "/";
        assertHas(call("PROPFIND", principal, asked("CAL:calendar-home-set"), "Depth", "0"), home);
        HttpResponse<String> lists = call(
                "PROPFIND",
                home,
                asked(
                        "resourcetype",
                        "displayname",
                        "CAL:supported-calendar-component-set",
                        "CS:getctag",
                        "ICAL:calendar-color",
                        "sync-token",
                        "OC:owner-principal",
                        "OC:invite",
                        "share-access",
                        "invite",
                        "current-user-privilege-set",
                        "current-user-principal"),
                "Depth",
                "1");
        assertHas(lists, "<S:getctag>", "<D:write/>");
        String name = "4711.ics";
        String first = lines(
                "BEGIN:VCALENDAR",
                "VERSION:2.0",
                "PRODID:+//IDN tasks.org//android-140600//EN",
                "BEGIN:VTODO",
                "DTSTAMP:20300101T000000Z",
                "UID:4711",
                "CREATED:20300101T000000Z",
                "LAST-MODIFIED:20300101T000001Z",
                "SUMMARY:Water",
                "PRIORITY:9",
                "RRULE:FREQ=WEEKLY;INTERVAL=1;BYDAY=MO",
                "CATEGORIES:home,plants",
                "RELATED-TO;RELTYPE=PARENT:4710",
                "X-APPLE-SORT-ORDER:1",
                "X-OC-HIDESUBTASKS:1",
                "DUE;TZID=Europe/Vienna:20400102T090000",
                "DTSTART;TZID=Europe/Vienna:20400101T180000",
                "BEGIN:VALARM",
                "TRIGGER;RELATED=START:PT0S",
                "ACTION:DISPLAY",
                "DESCRIPTION:Default Tasks.org description",
                "END:VALARM",
                "END:VTODO",
                "END:VCALENDAR");
        assertStatus(201, call("PUT", home + list + "/" + name, first));
        assertEquals("[\"-PT15H\"]", tasks().get(0).path("reminders").toString(), "it hides until then, and says so");
        assertHas(
                read(name),
                "X-OC-HIDESUBTASKS:1",
                "RELATED-TO;RELTYPE=PARENT:4710",
                "RRULE:FREQ=WEEKLY;INTERVAL=1;BYDAY=MO");
        String later =
                first.replace("20400102T090000", "20400109T090000").replace("20400101T180000", "20400108T180000");
        assertStatus(204, call("PUT", home + list + "/" + name, later));
        assertEquals("completed", tasks().get(0).path("status").asText());
        assertEquals("2040-01-02T09:00:00", tasks().get(0).path("due").asText());
        assertHas(read(name), "STATUS:COMPLETED", "DUE;TZID=Europe/Vienna:20400102T090000");
        assertStatus(204, call("DELETE", home + list + "/" + name, null));
    }

    @Test
    void applesRemindersAskForMuchAndMakeTheNextOneThemselves() throws Exception {
        String[] minimal = {"Depth", "0", "Prefer", "return=minimal", "Brief", "t", "Content-Type", "text/xml"};
        assertStatus(301, call("PROPFIND", "/.well-known/caldav", asked("current-user-principal"), minimal));
        assertHas(
                call("PROPFIND", "/dav/", asked("current-user-principal", "principal-URL", "resourcetype"), minimal),
                "/dav/principals/");
        String principal = "/dav/principals/" + alice.name() + "/";
        assertHas(
                call(
                        "PROPFIND",
                        principal,
                        asked(
                                "CAL:calendar-home-set",
                                "CAL:calendar-user-address-set",
                                "current-user-principal",
                                "displayname",
                                "CS:dropbox-home-URL",
                                "CS:email-address-set",
                                "CS:notification-URL",
                                "principal-collection-set",
                                "principal-URL",
                                "resource-id",
                                "CAL:schedule-inbox-URL",
                                "CAL:schedule-outbox-URL",
                                "supported-report-set"),
                        minimal),
                "<C:calendar-home-set><D:href>" + home,
                "<D:principal-URL><D:href>" + principal);
        assertStatus(
                403,
                call("REPORT", "/dav/principals/", "<A:principal-search-property-set xmlns:A=\"DAV:\"/>", minimal));
        HttpResponse<String> lists = call(
                "PROPFIND",
                home,
                asked(
                        "add-member",
                        "CS:allowed-sharing-modes",
                        "ICAL:autoprovisioned",
                        "ICAL:calendar-color",
                        "CAL:calendar-description",
                        "CAL:calendar-free-busy-set",
                        "ICAL:calendar-order",
                        "CAL:calendar-timezone",
                        "current-user-privilege-set",
                        "CAL:default-alarm-vevent-date",
                        "displayname",
                        "CS:getctag",
                        "owner",
                        "CS:pushkey",
                        "quota-available-bytes",
                        "ICAL:refreshrate",
                        "resource-id",
                        "resourcetype",
                        "CAL:schedule-calendar-transp",
                        "CS:subscribed-strip-todos",
                        "CAL:supported-calendar-component-set",
                        "CAL:supported-calendar-component-sets",
                        "supported-report-set",
                        "sync-token"),
                "Depth",
                "1",
                "Content-Type",
                "text/xml");
        assertHas(lists, home + list + "/", "<C:comp name=\"VTODO\"/>", "<D:sync-token>");
        HttpResponse<String> order = call(
                "PROPPATCH",
                home + list + "/",
                "<A:propertyupdate xmlns:A=\"DAV:\"><A:set><A:prop><D:calendar-order xmlns:D=\"http://apple.com/ns/ical/\">7"
                        + "</D:calendar-order></A:prop></A:set></A:propertyupdate>");
        assertHas(order, "200 OK");
        String sync =
                "<A:sync-collection xmlns:A=\"DAV:\"><A:sync-token>TOKEN</A:sync-token><A:sync-level>1</A:sync-level>"
                        + "<A:prop><A:getetag/></A:prop></A:sync-collection>";
        HttpResponse<String> begin = call("REPORT", home + list + "/", sync.replace("TOKEN", ""));
        String token = begin.body().replaceFirst("(?s).*<D:sync-token>(.*)</D:sync-token>.*", "$1");
        String name = "A406CCEB-D40E-42F0-BA5F-9D7429618DFB.ics";
        String daily = lines(
                "BEGIN:VCALENDAR",
                "CALSCALE:GREGORIAN",
                "PRODID:-//Apple Inc.//iOS 18.1.1//EN",
                "VERSION:2.0",
                "BEGIN:VTODO",
                "CREATED:20300101T000000Z",
                "DTSTAMP:20300101T000000Z",
                "DTSTART;TZID=America/Chicago:20400102T140000",
                "DUE;TZID=America/Chicago:20400102T140000",
                "LAST-MODIFIED:20300101T000000Z",
                "RRULE:FREQ=DAILY",
                "SEQUENCE:0",
                "STATUS:NEEDS-ACTION",
                "SUMMARY:Walk",
                "UID:A406CCEB-D40E-42F0-BA5F-9D7429618DFB",
                "X-APPLE-SORT-ORDER:545683909",
                "BEGIN:VALARM",
                "ACTION:DISPLAY",
                "DESCRIPTION:Reminder",
                "TRIGGER;VALUE=DATE-TIME:20400102T200000Z",
                "UID:C87C4AFC-C781-476D-A457-71FBD45AF9E5",
                "X-WR-ALARMUID:C87C4AFC-C781-476D-A457-71FBD45AF9E5",
                "END:VALARM",
                "BEGIN:VALARM",
                "ACTION:DISPLAY",
                "DESCRIPTION:Reminder",
                "TRIGGER;VALUE=DATE-TIME:19760401T005545Z",
                "UID:9EF67428-7209-4EA4-9029-4049F577F4FF",
                "X-APPLE-PROXIMITY:ARRIVE",
                "X-APPLE-STRUCTURED-LOCATION;VALUE=URI;X-ADDRESS=\"1 Main St\\nTown\";X-AP",
                " PLE-RADIUS=100;X-TITLE=Home:geo:37.422338,-122.084370",
                "END:VALARM",
                "END:VTODO",
                "END:VCALENDAR");
        assertStatus(201, call("PUT", home + list + "/" + name, daily, "If-None-Match", "*"));
        assertEquals(
                "[\"2040-01-02T20:00:00Z\"]", tasks().get(0).path("reminders").toString(), "a place is no time");
        HttpResponse<String> news = call("REPORT", home + list + "/", sync.replace("TOKEN", token));
        String known = tag(news.body(), name);
        String kept = read(name).body().replace("&#13;\n ", "");
        for (String line : List.of("X-APPLE-PROXIMITY:ARRIVE", "X-APPLE-RADIUS=100", "RRULE:FREQ=DAILY")) {
            assertTrue(kept.contains(line), kept);
        }
        String done = daily.replace("RRULE:FREQ=DAILY\r\n", "")
                .replace(
                        "STATUS:NEEDS-ACTION",
                        "STATUS:COMPLETED\r\nCOMPLETED:20400102T193000Z\r\nPERCENT-COMPLETE:100");
        assertStatus(204, call("PUT", home + list + "/" + name, done, "If-Match", known));
        String next = daily.replace("A406CCEB", "B406CCEB")
                .replace("20400102T140000", "20400103T140000")
                .replace("20400102T200000Z", "20400103T200000Z");
        String nextName = name.replace("A406CCEB", "B406CCEB");
        assertStatus(201, call("PUT", home + list + "/" + nextName, next, "If-None-Match", "*"));
        assertEquals(
                List.of("2040-01-02T14:00:00 completed", "2040-01-03T14:00:00 open"),
                tasks().stream()
                        .map(task -> task.path("due").asText() + " "
                                + task.path("status").asText())
                        .sorted()
                        .toList());
        JsonNode open = tasks().stream()
                .filter(task -> task.path("status").asText().equals("open"))
                .findFirst()
                .orElseThrow();
        assertEquals(2, open.path("occurrence").asInt());
        JsonNode series =
                is(200, alice.call("GET", "/api/series/" + open.path("series").asText(), null));
        assertEquals(1, series.path("done").size(), series::toString);
        assertHas(read(name, nextName), "COMPLETED:20400102T193000Z", "UID:B406CCEB-D40E-42F0-BA5F-9D7429618DFB");
    }
}
