package dev.sandglass.task.door;

import static dev.sandglass.task.door.DoorClient.is;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** CalDAV at the public origin, as programs speak it: how they find it, who they are there, and what they may do. */
@QuarkusTest
@TestProfile(Local.class)
@Tag("FR-013")
class DavTest extends DavDoor {
    private static final String TODO = """
            BEGIN:VCALENDAR\r
            VERSION:2.0\r
            PRODID:+//IDN tasks.org//android-130900//EN\r
            BEGIN:VTODO\r
            DTSTAMP:20300101T000000Z\r
            UID:4711\r
            SUMMARY:buy milk ünd bread\r
            X-APPLE-SORT-ORDER:1\r
            END:VTODO\r
            END:VCALENDAR\r
            """;

    /** The properties that DAVx5 asks of a principal, and of the home. */
    private static final String HOME_SET =
            "<?xml version='1.0' encoding='UTF-8' ?><propfind xmlns=\"DAV:\" xmlns:CAL=\"urn:ietf:params:xml:ns:caldav\">"
                    + "<prop><displayname/><current-user-principal/><CAL:calendar-home-set/><resourcetype/></prop></propfind>";

    @Inject
    DoorSidecar sidecar;

    @AfterEach
    void isBack() {
        sidecar.fail(0);
    }

    @Test
    void aProgramThatKnowsTheServerAndATokenFindsTheLists() throws Exception {
        for (String method : List.of("GET", "PROPFIND")) {
            HttpResponse<String> led = call(new DoorClient("", ""), method, "/.well-known/caldav", null);
            assertStatus(301, led);
            assertEquals("/dav/", led.headers().firstValue("Location").orElseThrow());
        }
        HttpResponse<String> root = call("PROPFIND", "/dav/", HOME_SET, "Depth", "0");
        assertStatus(207, root);
        assertEquals(
                "application/xml; charset=utf-8",
                root.headers().firstValue("Content-Type").orElseThrow());
        String principal = "/dav/principals/" + alice.name() + "/";
        assertHas(root, "<D:current-user-principal><D:href>" + principal + "</D:href>");
        HttpResponse<String> who = call("PROPFIND", principal, HOME_SET, "Depth", "0");
        assertHas(who, "<C:calendar-home-set><D:href>" + home + "</D:href>", "<D:displayname>" + alice.name());
        HttpResponse<String> lists = call("PROPFIND", home, HOME_SET, "Depth", "1");
        assertHas(lists, home + list + "/", "<D:displayname>Inbox</D:displayname>", "<C:calendar/>");
        HttpResponse<String> options = call("OPTIONS", home + list + "/", null);
        assertStatus(200, options);
        assertTrue(options.headers().firstValue("DAV").orElse("").contains("calendar-access"));
        assertTrue(options.headers().firstValue("Allow").orElse("").contains("REPORT"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/dav", "/dav/", "/dav/calendars/nobody/", "/dav/calendars/nobody/x/y.ics"})
    void whoIsNotSignedInIsAskedForANameAndAPassword(String path) throws Exception {
        for (String method : List.of("PROPFIND", "GET", "OPTIONS", "PUT")) {
            HttpResponse<String> answer = call(new DoorClient("", ""), method, path, null, "Depth", "0");
            assertStatus(401, answer);
            assertTrue(
                    answer.headers().firstValue("WWW-Authenticate").orElse("").startsWith("Basic realm="));
        }
    }

    @Test
    void aPasswordIsATokenOfThisUserAndGoodForThis() throws Exception {
        String token = token(Map.of("name", "reader", "scopes", List.of("read")));
        assertStatus(207, call(basic(alice.name(), token), "PROPFIND", home, null, "Depth", "0"));
        HttpResponse<String> refused = call(basic(alice.name(), token), "PUT", home + list + "/a.ics", TODO);
        assertStatus(403, refused);
        assertHas(refused, "<D:need-privileges/>");
        assertHas(
                call(
                        basic(alice.name(), token),
                        "PROPFIND",
                        home + list + "/",
                        "<propfind xmlns='DAV:'><prop><current-user-privilege-set/></prop></propfind>",
                        "Depth",
                        "0"),
                "<D:read/>");
        assertStatus(401, call(basic("bob", token), "PROPFIND", home, null, "Depth", "0"));
        assertStatus(401, call(basic(alice.name(), "sg_wrong"), "PROPFIND", home, null, "Depth", "0"));
        assertStatus(401, call(new DoorClient("", "Basic %%%"), "PROPFIND", home, null, "Depth", "0"));
        assertStatus(207, call(alice, "PROPFIND", home, null, "Depth", "0"));
        String one = token(Map.of("name", "one", "scopes", List.of("read", "write"), "lists", List.of(list)));
        HttpResponse<String> seen = call(basic(alice.name(), one), "PROPFIND", home, HOME_SET, "Depth", "1");
        assertHas(seen, home + list + "/");
        assertFalse(seen.body().contains("Inbox"));
        assertStatus(403, call(basic(alice.name(), one), "MKCALENDAR", home + "new/", null));
    }

    @Test
    void aTaskIsMadeReadChangedAndDeleted() throws Exception {
        String path = home + list + "/4711.ics";
        HttpResponse<String> made = call("PUT", path, TODO, "If-None-Match", "*");
        assertStatus(201, made);
        assertTrue(made.headers().firstValue("ETag").isEmpty(), "what is read is not what was put to the letter");
        assertStatus(412, call("PUT", path, TODO, "If-None-Match", "*"));
        HttpResponse<String> read = call("GET", path, null);
        assertStatus(200, read);
        assertHas(read, "SUMMARY:buy milk ünd bread", "X-APPLE-SORT-ORDER:1", "UID:4711");
        assertTrue(read.headers().firstValue("Content-Type").orElse("").startsWith("text/calendar"));
        String tag = read.headers().firstValue("ETag").orElseThrow();
        assertStatus(304, call("GET", path, null, "If-None-Match", tag));
        assertStatus(200, call("HEAD", path, null));
        JsonNode task =
                is(200, alice.call("GET", "/api/tasks?list=" + list, null)).at("/tasks/0");
        assertEquals("buy milk ünd bread", task.path("title").asText());
        is(200, alice.call("PATCH", "/api/tasks/" + task.path("id").asText(), "{\"title\":\"milk\"}"));
        assertStatus(412, call("PUT", path, TODO, "If-Match", tag));
        HttpResponse<String> changed = call("GET", path, null);
        assertHas(changed, "SUMMARY:milk", "X-APPLE-SORT-ORDER:1");
        String now = changed.headers().firstValue("ETag").orElseThrow();
        assertStatus(204, call("PUT", path, TODO, "If-Match", now));
        assertStatus(412, call("DELETE", path, null, "If-Match", now));
        assertStatus(204, call("DELETE", path, null));
        assertStatus(404, call("GET", path, null));
        assertStatus(404, call("DELETE", path, null));
    }

    @Test
    void anotherUsersListsDoNotExistAndAViewerReads() throws Exception {
        DoorClient bob = DoorClient.like("bob");
        String path = home + list + "/a.ics";
        assertStatus(404, call(bob, "PROPFIND", home, null, "Depth", "1"));
        assertStatus(404, call(bob, "GET", path, null));
        String his = "/dav/calendars/" + bob.name() + "/";
        assertStatus(404, call(bob, "PROPFIND", his + list + "/", null, "Depth", "0"));
        assertStatus(404, call(bob, "PUT", his + list + "/a.ics", TODO));
        is(204, alice.call("PUT", "/api/lists/" + list + "/members/" + bob.name(), "{\"role\":\"viewer\"}"));
        assertHas(call(bob, "PROPFIND", his, null, "Depth", "1"), his + list + "/");
        assertStatus(201, call("PUT", path, TODO));
        assertStatus(200, call(bob, "GET", his + list + "/a.ics", null));
        HttpResponse<String> refused = call(bob, "PUT", his + list + "/a.ics", TODO);
        assertStatus(403, refused);
        assertHas(refused, "<D:need-privileges/>");
        assertStatus(403, call(bob, "DELETE", his + list + "/a.ics", null));
        assertStatus(403, call(bob, "DELETE", his + list + "/", null));
        HttpResponse<String> rights = call(
                bob,
                "PROPFIND",
                his + list + "/",
                "<propfind xmlns='DAV:'><prop><current-user-privilege-set/></prop></propfind>",
                "Depth",
                "0");
        assertHas(rights, "<D:privilege><D:read/></D:privilege>");
        assertFalse(rights.body().contains("<D:write/>"));
        is(204, alice.call("PUT", "/api/lists/" + list + "/members/" + bob.name(), "{\"role\":\"editor\"}"));
        assertStatus(204, call(bob, "PUT", his + list + "/a.ics", TODO));
    }

    @Test
    void aListIsMadeNamedAndColouredAndDeleted() throws Exception {
        String path = home + "0F6D9B-shopping/";
        // Apple's Reminders.
        String make = "<B:mkcalendar xmlns:B=\"urn:ietf:params:xml:ns:caldav\"><A:set xmlns:A=\"DAV:\"><A:prop>"
                + "<B:supported-calendar-component-set><B:comp name=\"VTODO\"/></B:supported-calendar-component-set>"
                + "<D:calendar-color xmlns:D=\"http://apple.com/ns/ical/\" symbolic-color=\"blue\">#1BADF8FF</D:calendar-color>"
                + "<A:displayname>Shopping</A:displayname></A:prop></A:set></B:mkcalendar>";
        assertStatus(201, call("MKCALENDAR", path, make));
        assertStatus(403, call("MKCALENDAR", path, make));
        String asked =
                "<propfind xmlns='DAV:'><prop><displayname/><calendar-color xmlns='http://apple.com/ns/ical/'/></prop></propfind>";
        assertHas(
                call("PROPFIND", path, asked, "Depth", "0"),
                "<D:displayname>Shopping</D:displayname>",
                "#1BADF8FF",
                "<D:href>" + path);
        assertHas(call("PROPFIND", home, asked, "Depth", "1"), "<D:href>" + path + "</D:href>");
        assertStatus(201, call("PUT", path + "a.ics", TODO));
        assertHas(call("PROPFIND", path, null, "Depth", "1"), path + "a.ics");
        HttpResponse<String> patched = call(
                "PROPPATCH",
                path,
                "<propertyupdate xmlns='DAV:'><set><prop><displayname>Food</displayname>"
                        + "<calendar-color xmlns='http://apple.com/ns/ical/'>#ff0000</calendar-color></prop></set></propertyupdate>");
        assertStatus(207, patched);
        assertHas(patched, "200 OK");
        assertHas(call("PROPFIND", path, asked, "Depth", "0"), "<D:displayname>Food</D:displayname>", "#ff0000");
        HttpResponse<String> unknown = call(
                "PROPPATCH",
                path,
                "<propertyupdate xmlns='DAV:'><set><prop><displayname>Other</displayname><x xmlns='urn:y'>1</x></prop></set></propertyupdate>");
        assertStatus(207, unknown);
        assertHas(unknown, "403 Forbidden", "424 Failed Dependency");
        assertHas(call("PROPFIND", path, asked, "Depth", "0"), "<D:displayname>Food</D:displayname>");
        assertStatus(204, call("DELETE", path, null));
        assertStatus(404, call("PROPFIND", path, null, "Depth", "0"));
        assertStatus(201, call("MKCOL", path, null));
        assertHas(call("PROPFIND", path, asked, "Depth", "0"), "0F6D9B-shopping");
        String events = make.replace("VTODO", "VEVENT");
        HttpResponse<String> refused = call("MKCALENDAR", home + "events/", events);
        assertStatus(403, refused);
        assertHas(refused, "<C:supported-calendar-component/>");
        HttpResponse<String> inbox = call(
                "PROPPATCH",
                home + is(200, alice.call("GET", "/api/me", null)).path("inbox").asText() + "/",
                "<propertyupdate xmlns='DAV:'><set><prop><displayname>Other</displayname></prop></set></propertyupdate>");
        assertHas(inbox, "403 Forbidden");
    }

    @Test
    void whatAViewerMayNotSetOfAListIsToldOfEachProperty() throws Exception {
        DoorClient bob = DoorClient.like("bob");
        is(204, alice.call("PUT", "/api/lists/" + list + "/members/" + bob.name(), "{\"role\":\"viewer\"}"));
        String his = "/dav/calendars/" + bob.name() + "/" + list + "/";
        String patch =
                "<propertyupdate xmlns='DAV:'><set><prop><displayname>x</displayname><y xmlns='urn:y'/></prop></set>"
                        + "</propertyupdate>";
        HttpResponse<String> refused = call(bob, "PROPPATCH", his, patch);
        assertStatus(207, refused);
        assertHas(
                refused,
                "<D:displayname/></D:prop><D:status>HTTP/1.1 403 Forbidden</D:status><D:error><D:need-privileges/>",
                "<D:error><D:cannot-modify-protected-property/>");
        assertStatus(404, call(bob, "PROPPATCH", his + "none.ics", patch));
        assertStatus(404, call("PROPPATCH", home + "none/", patch));
        assertStatus(201, call("PUT", home + list + "/a.ics", TODO));
        HttpResponse<String> ofTask = call("PROPPATCH", home + list + "/a.ics", patch);
        assertStatus(207, ofTask);
        assertHas(ofTask, "<D:cannot-modify-protected-property/>");
    }

    @ParameterizedTest
    @CsvSource({
        "MKCOL, <D:collection/><A:addressbook xmlns:A='urn:ietf:params:xml:ns:carddav'/>, 403",
        "MKCOL, <D:collection/>, 403",
        "MKCOL, <D:collection/><C:calendar/><S:shared xmlns:S='http://calendarserver.org/ns/'/>, 403",
        "MKCALENDAR, <D:collection/><A:addressbook xmlns:A='urn:ietf:params:xml:ns:carddav'/>, 403",
        "MKCOL, <D:collection/><C:calendar/>, 201",
        "MKCALENDAR, <D:collection/><C:calendar/>, 201"
    })
    void whatIsMadeIsACalendarAndNothingElse(String method, String type, int status) throws Exception {
        String root = method.equals("MKCOL") ? "D:mkcol" : "C:mkcalendar";
        HttpResponse<String> answer = call(
                method,
                home + "made/",
                "<" + root + " xmlns:D='DAV:' xmlns:C='urn:ietf:params:xml:ns:caldav'><D:set><D:prop><D:resourcetype>"
                        + type + "</D:resourcetype></D:prop></D:set></" + root + ">");
        assertStatus(status, answer);
        if (status == 403) {
            assertHas(answer, "<D:valid-resourcetype/>");
        }
    }

    /** Programs go by the condition, and show the sentence to their user (RFC 4918 section 16). */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET | HOMELIST/none.ics | | 404 | There is nothing here",
                "GET | HOMEnone/a.ics | | 404 | There is no such list",
                "GET | HOMELIST/LONG | | 404 | There is nothing here",
                "DELETE | HOMELIST/LONG | | 404 | There is nothing here",
                "PUT | HOMELIST/LONG | BEGIN:VCALENDAR | 403 | <C:valid-calendar-object-resource/>",
                "PUT | HOMELIST/LONG | BEGIN:VCALENDAR | 403 | at most 255 bytes",
                "GET | HOMELIST/ | | 405 | GET is not for this",
                "DELETE | HOMEINBOX/ | | 409 | Inbox",
                "DELETE | HOMELIST/a.ics | | 412 | changed meanwhile",
                "REPORT | HOMELIST/ | | 400 | A REPORT needs a body",
                "REPORT | HOMELIST/ | <a | 400 | not XML",
                "PUT | HOMELIST/a.ics | <a/> | 415 | <C:supported-calendar-data/>",
                "PUT | HOMELIST/a.ics | BEGIN:LARGE | 413 | <C:max-resource-size/>",
                "PUT | HOMELIST/a.ics | BEGIN:VCALENDAR | 403 | <C:valid-calendar-data/>",
                "PROPPATCH | HOME | <a/> | 400 | DAV:propertyupdate"
            })
    void aRefusalSaysWhyInTheWordsOfWebDav(String method, String path, @Nullable String body, int status, String says)
            throws Exception {
        assertStatus(201, call("PUT", home + list + "/a.ics", TODO));
        String inbox = is(200, alice.call("GET", "/api/me", null)).path("inbox").asText();
        String where = path.replace("HOME", home)
                .replace("LIST", list)
                .replace("INBOX", inbox)
                .replace("LONG", "n".repeat(300));
        String sent = "BEGIN:LARGE".equals(body) ? "BEGIN:" + "x".repeat(1_100_000) : body;
        HttpResponse<String> answer =
                status == 412 ? call(method, where, sent, "If-Match", "\"old\"") : call(method, where, sent);
        assertStatus(status, answer);
        assertEquals(
                "application/xml; charset=utf-8",
                answer.headers().firstValue("Content-Type").orElse(""));
        assertHas(answer, "<D:error xmlns:D=\"DAV:\"", "<S:detail>", says);
        assertEquals(status == 405, answer.headers().firstValue("Allow").isPresent());
    }

    /** The API takes no tag with a comma in it. */
    @Test
    void aTaskWithACategoryThatIsNoTagIsChangedLikeAnother() throws Exception {
        assertStatus(
                201,
                call(
                        "PUT",
                        home + list + "/a.ics",
                        TODO.replace("SUMMARY", "CATEGORIES:home\\, garden,a\tb\r\nSUMMARY")));
        JsonNode task =
                is(200, alice.call("GET", "/api/tasks?list=" + list, null)).at("/tasks/0");
        assertEquals("[\"home garden\",\"a b\"]", task.path("tags").toString());
        is(
                200,
                alice.call(
                        "PATCH",
                        "/api/tasks/" + task.path("id").asText(),
                        "{\"title\":\"milk\",\"tags\":" + task.path("tags") + "}"));
        assertHas(call("GET", home + list + "/a.ics", null), "CATEGORIES:home\\, garden,a\tb");
    }

    @Test
    void aProgramKeepsUpByTokens() throws Exception {
        String path = home + list + "/";
        String body =
                "<D:sync-collection xmlns:D='DAV:'><D:sync-token>TOKEN</D:sync-token><D:sync-level>1</D:sync-level>"
                        + "<D:prop><D:getetag/></D:prop></D:sync-collection>";
        HttpResponse<String> first = call("REPORT", path, body.replace("TOKEN", ""));
        assertStatus(207, first);
        String token = first.body().replaceFirst("(?s).*<D:sync-token>(.*)</D:sync-token>.*", "$1");
        assertStatus(201, call("PUT", path + "a.ics", TODO));
        HttpResponse<String> news = call("REPORT", path, body.replace("TOKEN", token));
        assertHas(news, path + "a.ics", "<D:getetag>");
        // The second is what an earlier version gave out.
        for (String other : List.of(token + "4711", "urn:sandglass:seq:1")) {
            HttpResponse<String> bad = call("REPORT", path, body.replace("TOKEN", other));
            assertStatus(403, bad);
            assertHas(bad, "<D:valid-sync-token/>");
        }
        HttpResponse<String> many = call(
                "REPORT",
                path,
                "<C:calendar-multiget xmlns:D='DAV:' xmlns:C='urn:ietf:params:xml:ns:caldav'><D:prop><C:calendar-data/></D:prop><D:href>"
                        + path + "a.ics</D:href><D:href>" + path + "b.ics</D:href></C:calendar-multiget>");
        assertHas(many, "SUMMARY:buy milk", path + "b.ics</D:href><D:status>HTTP/1.1 404");
        HttpResponse<String> unknown = call("REPORT", path, "<D:expand-property xmlns:D='DAV:'/>", "Depth", "0");
        assertStatus(403, unknown);
        assertHas(unknown, "<D:supported-report/>");
    }

    @Test
    void aListThatIsMadeAnewIsAnother() throws Exception {
        String path = home + "errands/";
        String sync =
                "<D:sync-collection xmlns:D='DAV:'><D:sync-token>TOKEN</D:sync-token><D:sync-level>1</D:sync-level>"
                        + "<D:prop><D:getetag/></D:prop></D:sync-collection>";
        String asked =
                "<propfind xmlns='DAV:'><prop><getctag xmlns='http://calendarserver.org/ns/'/></prop></propfind>";
        assertStatus(201, call("MKCALENDAR", path, null));
        assertStatus(201, call("PUT", path + "a.ics", TODO));
        String ctag = call("PROPFIND", path, asked, "Depth", "0").body();
        String tag =
                call("GET", path + "a.ics", null).headers().firstValue("ETag").orElseThrow();
        String token = call("REPORT", path, sync.replace("TOKEN", ""))
                .body()
                .replaceFirst("(?s).*<D:sync-token>(.*)</D:sync-token>.*", "$1");
        assertStatus(204, call("DELETE", path, null));
        assertStatus(201, call("MKCALENDAR", path, null));
        assertStatus(201, call("PUT", path + "a.ics", TODO.replace("milk", "tea")));
        assertStatus(200, call("GET", path + "a.ics", null, "If-None-Match", tag));
        assertStatus(412, call("PUT", path + "a.ics", TODO, "If-Match", tag));
        HttpResponse<String> refused = call("REPORT", path, sync.replace("TOKEN", token));
        assertStatus(403, refused);
        assertHas(refused, "<D:valid-sync-token/>");
        assertNotEquals(ctag, call("PROPFIND", path, asked, "Depth", "0").body());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PROPFIND | HOME | | infinity | 403",
                "PROPFIND | HOME | | | 403",
                "PROPFIND | HOME | | 2 | 400",
                "PROPFIND | HOME | <!DOCTYPE a [<!ENTITY b 'c'>]><propfind xmlns='DAV:'>&b;</propfind> | 0 | 400",
                "PROPFIND | HOME | <a | 0 | 400",
                "PROPFIND | /dav/nothing/ | | 0 | 404",
                "PROPFIND | /dav/../api/lists | | 0 | 404",
                "PROPFIND | HOMEa%2Fb/ | | 0 | 404",
                "PROPFIND | HOMEa!!b/ | | 0 | 404",
                "LOCK | HOME | | 0 | 405",
                "MOVE | HOME | | 0 | 405",
                "POST | HOME | | 0 | 405",
                "GET | HOME | | | 405",
                "DELETE | HOME | | | 405",
                "PUT | HOME | BEGIN:VCALENDAR | | 405",
                "PUT | HOMELIST/a.ics | BEGIN:VCALENDAR | | 403",
                "PUT | HOMELIST/a.ics | <a/> | | 415",
                "REPORT | HOME | <C:calendar-query xmlns:C='urn:ietf:params:xml:ns:caldav'/> | | 403",
                "REPORT | HOMELIST/ | | | 400",
                "MKCALENDAR | /dav/calendars/ | | | 403",
                "PROPPATCH | HOME | <propertyupdate xmlns='DAV:'><set><prop><displayname>x</displayname></prop></set></propertyupdate> | | 207"
            })
    void whatCannotBeIsAnsweredPlainly(
            String method, String path, @Nullable String body, @Nullable String depth, int status) throws Exception {
        String where = path.replace("HOME", home).replace("LIST", list).replace("!!", "%7C%7C");
        HttpResponse<String> answer =
                depth == null ? call(method, where, body) : call(method, where, body, "Depth", depth);
        assertStatus(status, answer);
    }

    @Test
    void aBodyHasALimitAndIsUtf8() throws Exception {
        assertStatus(413, call("PUT", home + list + "/a.ics", "BEGIN:" + "x".repeat(1_100_000)));
        assertStatus(
                415, call("PUT", home + list + "/a.ics", TODO, "Content-Type", "text/calendar; charset=iso-8859-1"));
    }

    @Test
    void whileTheStateStoreIsAwayAReadHasDoneNothingAndAWriteNamesNoKey() throws Exception {
        String path = home + list + "/";
        assertStatus(201, call("PUT", path + "a.ics", TODO));
        String sync = "<sync-collection xmlns='DAV:'><sync-token/><prop><getetag/></prop></sync-collection>";
        sidecar.fail(1);
        // A token of the issuer's is known without the state store.
        for (HttpResponse<String> read : List.of(
                call(alice, "PROPFIND", path, null, "Depth", "1"),
                call(alice, "REPORT", path, sync),
                call(alice, "GET", path + "a.ics", null))) {
            assertStatus(503, read);
            assertHas(read, "try again");
            assertFalse(read.body().contains("done") || read.body().contains("Idempotency-Key"), read.body());
        }
        HttpResponse<String> write = call(alice, "PUT", path + "a.ics", TODO);
        assertStatus(503, write);
        assertFalse(write.body().contains("Idempotency-Key"), write.body());
    }

    @Test
    void noOtherPathTakesTheseMethods() throws Exception {
        Map<String, Integer> status = new TreeMap<>();
        for (String path : List.of("/api/tasks", "/", "/feeds/x.ics", "/index.html")) {
            status.put(path, call(alice, "PROPFIND", path, null, "Depth", "0").statusCode());
        }
        assertTrue(status.values().stream().allMatch(one -> one == 405 || one == 404), status::toString);
    }
}
