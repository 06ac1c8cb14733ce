package dev.sandglass.support.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sandglass.support.kamelets.Granted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.support.DefaultRegistry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A file is refused with its name, the line and the reason; a good one is not. */
class CheckTest {
    static final Path OURS = Path.of("../dsl-yaml");

    /** CONTRACT's own example. */
    static final String EXAMPLE = """
            - route:
                id: reminder.hook.urgent-to-webhook
                description: Urgent tasks to the team's webhook
                from:
                  uri: kamelet:dapr-event-source
                  parameters:
                    topic: task-events
                    type: task.created
                  steps:
                    - filter:
                        jsonpath:
                          expression: $.task[?(@.priority == 'urgent')]
                        steps:
                          - to:
                              uri: kamelet:dapr-publish-sink
                              parameters:
                                topic: urgent-tasks
            """;

    private static final Granted GRANTED = new Granted(Granted.SECRETS, "");

    @TempDir
    Path dslYaml;

    private Path routes;

    @BeforeEach
    void kamelets() throws IOException {
        Files.createSymbolicLink(
                dslYaml.resolve("kamelets"), OURS.resolve("kamelets").toAbsolutePath());
        routes = Files.createDirectories(dslYaml.resolve("routes/reminder"));
    }

    private List<Refusal> refused(String... texts) throws IOException {
        for (int i = 0; i < texts.length; i++) {
            Files.writeString(routes.resolve((char) ('a' + i) + ".camel.yaml"), texts[i]);
        }
        return Check.of(dslYaml, "reminder", Map.of("hook.url", "http://localhost")::get, GRANTED);
    }

    private void assertRefused(String step, String reason) throws IOException {
        List<Refusal> refusals = refused(step(step));
        assertTrue(refusals.toString().contains(reason), refusals::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"task", "recurrence", "reminder", "audit", "sync"})
    void whatComesWithTheProjectIsTaken(String service) throws IOException {
        assertEquals(List.of(), Check.of(OURS, service, name -> null, GRANTED));
    }

    @Test
    void theContractsExampleIsTaken() throws IOException {
        assertEquals(List.of(), refused(EXAMPLE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"'*'", "task.created , list.unshared", "task.deleted,task.reopened"})
    void aTypeIsOneOfItsTopicOrAll(String type) throws IOException {
        assertEquals(List.of(), refused(EXAMPLE.replace("task.created", type)));
        assertEquals(
                List.of(),
                refused(EXAMPLE.replace("topic: task-events", "topic: reminders")
                        .replace("task.created", "reminder.due,reminder.delivered, reminder.failed,task.overdue")));
    }

    @Test
    void whatRoutesNeedIsTaken() throws IOException {
        assertEquals(List.of(), refused("""
                - route:
                    id: all
                    from:
                      uri: timer:morning
                      parameters:
                        period: 86400000
                      steps:
                        - setProperty:
                            name: url
                            simple: "{{hook.url}} ${date:now:yyyy-MM-dd} ${header.ce-id} {{hook.other:x}}"
                        - setBody:
                            expression:
                              simple:
                                expression: '{"a":["x","y"]}'
                        - unmarshal:
                            json: {}
                        - marshal:
                            json: {}
                        - split:
                            jsonpath: $.a[*]
                            steps:
                              - log: "${body} ${replace(a,b)}"
                        - choice:
                            when:
                              - simple: "${header.ce-type} == 'task.created'"
                                steps:
                                  - to: direct:rest
                            otherwise:
                              steps:
                                - stop: {}
                        - split:
                            tokenize: ","
                            steps:
                              - setHeader:
                                  name: x
                                  constant: "${not evaluated"
                - route:
                    id: rest
                    from:
                      uri: direct:rest
                      steps:
                        - to: log:rest?level=DEBUG
                """));
    }

    /** A touch of a step's form there, and its name is a parameter. */
    @Test
    void whatKaotoWritesForANameInAUriIsRight() throws IOException {
        assertEquals(List.of(), refused("""
                - route:
                    id: all
                    from:
                      id: from-1024
                      uri: timer
                      parameters:
                        timerName: morning
                        period: 86400000
                      steps:
                        - to:
                            id: to-1025
                            uri: kamelet:tag-action
                            parameters:
                              tag: money
                              templateId: tag-action
                              words: rent
                        - to:
                            uri: direct
                            parameters:
                              name: rest
                - route:
                    id: rest
                    from:
                      uri: direct
                      parameters:
                        name: rest
                      steps:
                        - to:
                            uri: log
                            parameters:
                              loggerName: rest
                """));
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                Arguments.of("- route:\n    id: [", 2, "no YAML"),
                Arguments.of(EXAMPLE + "    id: x\n", 18, "twice"),
                Arguments.of("route: {}\n", 1, "list of routes"),
                Arguments.of("- ".repeat(5_000) + "x", 1, "nested too deeply"),
                Arguments.of(EXAMPLE.replace("team's", "te\0am's"), 3, "the character U+0000 may not stand in it"),
                Arguments.of(
                        EXAMPLE.replace("topic: task-events", "<<: {topic: task-events}"), 7, "<< is not read as in"),
                Arguments.of(step("setBody: {simple: {{hook.x}}}"), 6, "what begins with { or [ stands in quotes"),
                Arguments.of(step("setBody: {jsonpath: \"$.a[\"}"), 6, "no JSONPath: a bracket does not close"),
                Arguments.of(EXAMPLE.replace("uri: kamelet:dapr-p", "url: kamelet:dapr-p"), 14, "a uri is needed here"),
                Arguments.of("- rest: {}\n", 1, "only '- route:'"),
                Arguments.of("- beans: []\n", 1, "only '- route:'"),
                Arguments.of(EXAMPLE.replace("reminder.hook.", "reminder.fire."), 2, "service's own routes"),
                Arguments.of(EXAMPLE.replace("id: reminder.hook.urgent-to-webhook", "note: x"), 1, "needs an id"),
                Arguments.of(
                        EXAMPLE.replace("topic: task-events", "topic: task-updates"), 7, "[reminders, task-events]"),
                Arguments.of(EXAMPLE.replace("task.created", "task.*"), 8, "is a task.*; types are [task.created, "),
                Arguments.of(EXAMPLE.replace("task.created", "'*,task.deleted'"), 8, "no event of task-events is a *"),
                Arguments.of(EXAMPLE.replace("task.created", "task.create"), 8, "is a task.create;"),
                Arguments.of(EXAMPLE.replace("task.created", "TASK.CREATED"), 8, "is a TASK.CREATED;"),
                Arguments.of(EXAMPLE.replace("task.created", "list.shared, reminder.due"), 8, "is a reminder.due;"),
                Arguments.of(EXAMPLE.replace("topic: task-events", "tropic: task-events"), 7, "no parameter tropic"),
                Arguments.of(EXAMPLE.replace("        topic: task-events\n", ""), 5, "needs the parameter topic"),
                Arguments.of(
                        EXAMPLE.replace("kamelet:dapr-publish-sink", "kamelet:dapr-publsh-sink"), 15, "no Kamelet"),
                Arguments.of(EXAMPLE.replace("kamelet:dapr-publish-sink", "file:/tmp"), 15, "the component file"),
                Arguments.of(
                        EXAMPLE.replace("kamelet:dapr-event-source", "kamelet:dapr-subscription-source"),
                        5,
                        "no Kamelet"),
                Arguments.of(EXAMPLE.replace("jsonpath:", "groovy:"), 11, "filter has no groovy here"),
                Arguments.of(EXAMPLE.replace("$.task[?(@.priority == 'urgent')]", "$.task[?("), 11, "no JSONPath"),
                Arguments.of(step("bean: {ref: dapr}"), 6, "the step bean"),
                Arguments.of(step("script: {simple: x}"), 6, "the step script"),
                Arguments.of(step("toD: log:x"), 6, "the step toD"),
                Arguments.of(step("setBody: {simple: \"${bean:dapr}\"}"), 6, "not a function"),
                Arguments.of(step("setBody: {simple: \"${body.class}\"}"), 6, "fields and methods are out of reach"),
                Arguments.of(
                        step("setBody: {simple: \"${body[a].put('x', 'y')}\"}"),
                        6,
                        "fields and methods are out of reach"),
                Arguments.of(step("setBody: {simple: \"${header.a.class.name}\"}"), 6, "out of reach"),
                Arguments.of(step("setBody: {simple: \"${type:java.lang.System.out}\"}"), 6, "not a function"),
                Arguments.of(step("setBody: {simple: \"${camelContext.stop}\"}"), 6, "not a function"),
                Arguments.of(step("setBody: {simple: \"${sysenv.HOME}\"}"), 6, "not a function"),
                Arguments.of(step("setBody: {simple: \"${uppercase(${env.HOME})}\"}"), 6, "not a function"),
                Arguments.of(step("setBody: {simple: \"$simple{env.HOME}\"}"), 6, "not a function"),
                Arguments.of(
                        step("setBody: {simple: {expression: x, resultType: java.lang.Runtime}}"), 6, "no resultType"),
                Arguments.of(step("validate: {simple: \"${body} is 'java.lang.String'\"}"), 6, "name a class"),
                Arguments.of(step("setBody: {constant: \"resource:file:/etc/passwd\"}"), 6, "no files"),
                Arguments.of(step("setBody: {constant: \"{{env:HOME}}\"}"), 6, "only settings"),
                Arguments.of(step("setBody: {constant: \"{{sandglass.dsl-yaml}}\"}"), 6, "only settings"),
                Arguments.of(step("setBody: {constant: \"{{hook.missing}}\"}"), 6, "is missing"),
                Arguments.of(step("setHeader: {name: CamelHttpUri, constant: x}"), 6, "CamelHttpUri"),
                Arguments.of(step("setHeader: {name: null, constant: x}"), 6, "one value is wanted"),
                Arguments.of(
                        step("filter: {simple: \"${body}\", expression: x, steps: [{log: x}]}"),
                        6,
                        "filter needs an expression"),
                Arguments.of(step("log: {mesage: x}"), 6, "no mesage"),
                Arguments.of(step("log: {message: {a: b}}"), 6, "a text is wanted"),
                Arguments.of(step("to: log:x?exchangeFormatter=#class:a.B"), 6, "write exchangeFormatter under"),
                Arguments.of(step("to: log:x?level=LOUD"), 6, "level of log"),
                // Properties of the exchange are Camel's own, or what was fetched from the secret store.
                Arguments.of(step("to: {uri: log:x, parameters: {showAll: true}}"), 6, "no parameter showAll"),
                Arguments.of(
                        step(
                                "to: {uri: \"kamelet:dapr-state-action\", parameters: {operation: save, key: k, kept: P25000D}}"),
                        6,
                        "from 1 second to 366 days, not 'P25000D'"),
                Arguments.of(step("to: kamelet:deduplicate-action?key=k&kept=-PT2S"), 6, "not '-PT2S'"),
                Arguments.of(step("to: direct:nowhere"), 6, "no route of this file"),
                Arguments.of(step("to: {uri: direct, parameters: {name: nowhere}}"), 6, "no route of this file"),
                Arguments.of(step("to: {uri: log, parameters: {loggerName: 'x?level=INFO'}}"), 6, "a plain name"),
                Arguments.of(
                        step(
                                "to: {uri: kamelet, parameters: {templateId: dapr-invoke-source, method: internal/lists}}"),
                        6,
                        "no Kamelet dapr-invoke-source"),
                Arguments.of(
                        step(
                                "to: {uri: \"kamelet:tag-action\", parameters: {templateId: set-action, tag: a, words: b}}"),
                        6,
                        "the URI says tag-action"),
                Arguments.of(step("unmarshal: {json: {unmarshalType: a.B}}"), 6, "no unmarshalType"),
                Arguments.of(step("setBody: {simple: \"${date:now:yyyy\"}"), 6, "expected symbol functionEnd"),
                Arguments.of(
                        step("log: x").replace("direct:reminder-channels", "direct:reminder-chanels"),
                        4,
                        "hands over to [reminder-channels]"));
    }

    /** These texts of a session of attacks were taken, when the text that was checked was not yet the one that would run. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "setBody: {simple: \"{{hook.x:$}}{env:DAPR_API_TOKEN}\"}",
                "setBody: {simple: \"{{hook.x:$}}{bean:dapr?method=secret('token-key')}\"}",
                "setBody: {simple: \"{{hook.x:$}}{bean:type:java.lang.Runtime?method=getRuntime}\"}",
                "setBody: {simple: \"{{hook.x:$}}{body.exec('touch /tmp/x')}\"}",
                "setBody: {simple: \"${{{hook.x:env}}:DAPR_API_TOKEN}\"}",
                "setBody: {simple: \"{{hook.x:resource}}:file:/etc/hostname\"}",
                "setBody: {constant: \"{{hook.x:resource:file:/etc/hostname}}\"}",
                "setBody: {constant: \"{{hook.x:re}}source:file:/etc/hostname\"}",
                "setHeader: {name: \"{{hook.n:Camel}}FileName\", constant: x}",
                "to: \"{{hook.c:file}}:/tmp\"",
                "to: {uri: \"kamelet:dapr-secret-action\", parameters: {name: postgres-connection-string}}",
                "to: {uri: \"kamelet:webhook-sink\", parameters: {url: \"http://localhost\", token: token-key}}",
                "to: {uri: \"kamelet:webhook-sink\", parameters: {url: \"http://localhost\", secret: \"{{hook.x:ticket-key}}\"}}",
                "to: {uri: \"kamelet:dapr-invoke-action\", parameters: {app: task, method: internal/users/bob/tasks}}",
                "to: {uri: \"kamelet:dapr-publish-sink\", parameters: {topic: task-events}}",
                "to: {uri: \"kamelet:dapr-publish-sink\", parameters: {topic: reminders}}",
                "to: {uri: \"kamelet:dapr-binding-sink\", parameters: {binding: channel-email}}",
                "to: {uri: \"kamelet:dapr-binding-sink\", parameters: {binding: \"${header.x}\"}}",
                "to: {uri: \"kamelet:mail-sink\", parameters: {to: a@b.c, binding: channel-email}}",
                "to: kamelet:dapr-bindings-action",
                "to: {uri: \"kamelet:dapr-conversation-action\", parameters: {component: conversation}}",
                "to: \"kamelet:webhook-sink?url=http://localhost:9999/h?x=1&secret=webhook-key&e=b\"",
                "to: {uri: \"kamelet:webhook-sink\", parameters: {url: \"file:///etc/hostname\"}}"
            })
    void whatAnAttackGotTakenIsRefusedWithItsLine(String step) throws IOException {
        List<Refusal> refusals = refused(step(step));
        assertEquals(List.of(6), refusals.stream().map(Refusal::line).distinct().toList(), refusals::toString);
    }

    @Test
    void aSettingIsTextWhateverItSays() throws IOException {
        Files.writeString(routes.resolve("a.camel.yaml"), step("setBody: {simple: \"{{hook.code}}\"}"));
        Files.writeString(
                routes.resolve("b.camel.yaml"),
                step("filter: {simple: \"'{{hook.code}}' == 'x'\", steps: [{log: x}]}")
                        .replace("id: x", "id: y")
                        .replace("direct:reminder-channels", "timer:y"));
        assertEquals(
                List.of(),
                Check.of(dslYaml, "reminder", Map.of("hook.code", "${env:HOME}' == '{{hook.code}}")::get, GRANTED));
    }

    @Test
    void whereAPathIsMeantASettingStandsInQuotes() throws IOException {
        assertEquals(
                List.of(),
                Check.of(
                        write("setBody: {jsonpath: \"$.a[?(@.b == '{{hook.v}}')]\"}"),
                        "reminder",
                        Map.of("hook.v", "two words")::get,
                        GRANTED));
        for (String value : List.of("x' || 1 == 1 || '", "\\")) {
            assertEquals(
                    6,
                    Check.of(dslYaml, "reminder", Map.of("hook.v", value)::get, GRANTED)
                            .get(0)
                            .line());
        }
        assertEquals(
                6,
                Check.of(
                                write("setBody: {jsonpath: \"$.{{hook.v}}\"}"),
                                "reminder",
                                Map.of("hook.v", "a")::get,
                                GRANTED)
                        .get(0)
                        .line());
    }

    private Path write(String step) throws IOException {
        Files.writeString(routes.resolve("a.camel.yaml"), step(step));
        return dslYaml;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing yet\n", "# a\n\n   # b\n", "---\n# a\n", "[]\n"})
    void aFileWithoutRoutesIsRight(String text) throws IOException {
        assertEquals(List.of(), refused(text));
    }

    private static String step(String step) {
        return """
                - route:
                    id: x
                    from:
                      uri: direct:reminder-channels
                      steps:
                        - %s
                """.formatted(step);
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void whatIsWrongIsNamedWithItsLine(String text, int line, String reason) throws IOException {
        List<Refusal> refusals = refused(text);
        assertTrue(
                refusals.stream()
                        .anyMatch(refusal -> refusal.file().equals("a.camel.yaml")
                                && refusal.line() == line
                                && refusal.reason().contains(reason)),
                () -> line + " " + reason + " is not in " + refusals);
    }

    /** A mistake is told alone, without those that follow from it. */
    @ParameterizedTest
    @CsvSource({
        "'    from:', '    form:', 1: a route needs from, 4: route has no form",
        "'      parameters:\\n        topic', '      parametres:\\n        topic', 5: dapr-event-source needs, 6: from has"
    })
    void aMistakeIsToldOnce(String right, String wrong, String first, String second) throws IOException {
        List<Refusal> refusals = refused(EXAMPLE.replace(right.replace("\\n", "\n"), wrong.replace("\\n", "\n")));
        assertEquals(2, refusals.size(), refusals::toString);
        assertTrue(refusals.get(0).toString().startsWith("a.camel.yaml:" + first), refusals::toString);
        assertTrue(refusals.get(1).toString().startsWith("a.camel.yaml:" + second), refusals::toString);
    }

    @Test
    void aNewRouteOfKaravansIsRight() throws IOException {
        assertEquals(
                List.of(),
                refused(EXAMPLE.replace("    description:", "    nodePrefixId: route-a5b\n    description:")));
    }

    @Test
    void theSameIdTwiceIsAMistakeOfTheSecondFileAndBothAreNamed() throws IOException {
        assertEquals(
                List.of(
                        "a.camel.yaml:1: the id reminder.hook.urgent-to-webhook is given by b.camel.yaml too; one of them can"
                                + " be in force",
                        "b.camel.yaml:2: the id reminder.hook.urgent-to-webhook is there already, in a.camel.yaml"),
                refused(EXAMPLE, "# another\n" + EXAMPLE).stream()
                        .map(Refusal::toString)
                        .toList());
    }

    @Test
    void aNameOfASourceIsThereOnce() throws IOException {
        String daily = """
                - route:
                    id: %s
                    from:
                      uri: kamelet:daily-source
                      parameters: {name: digest, at: "07:00", zone: Europe/Warsaw}
                      steps:
                        - log: x
                """;
        assertEquals(
                new Refusal("b.camel.yaml", 1, "daily-source digest is there already, in a.camel.yaml"),
                refused(daily.formatted("x"), daily.formatted("y")).get(1));
    }

    @Test
    void aServiceHasNotMoreFilesThanItCanCarry() throws IOException {
        for (int i = 100; i < 302; i++) {
            Files.writeString(routes.resolve(i + ".camel.yaml"), "# nothing");
        }
        assertEquals(
                List.of(
                        "300.camel.yaml:1: a service has at most 200 files of routes, with 4194304 characters",
                        "301.camel.yaml:1: a service has at most 200 files of routes, with 4194304 characters"),
                refused().stream().map(Refusal::toString).toList());
    }

    @Test
    void largeFilesKeepNoSmallOneOut() throws IOException {
        for (int i = 100; i < 117; i++) {
            Files.writeString(routes.resolve(i + ".camel.yaml"), "#".repeat(256 * 1024));
        }
        Files.writeString(routes.resolve("z.camel.yaml"), step("bean: x"));
        List<Refusal> refusals = refused();
        assertEquals(
                List.of("116.camel.yaml", "z.camel.yaml"),
                refusals.stream().map(Refusal::file).toList(),
                refusals::toString);
        assertTrue(refusals.get(1).reason().startsWith("the step bean"), refusals::toString);
    }

    @Test
    void ofPathsAndWordsThereAreSoMany() throws IOException {
        String redact = "to: {uri: \"kamelet:redact-action\", parameters: {fields: \"%s\"}}";
        assertRefused(redact.formatted("$..a;".repeat(50) + "$.b"), "it has at most 50 paths");
        assertEquals(List.of(), refused(step(redact.formatted("$..a;".repeat(49) + "$.b"))));
        String tag = "to: {uri: \"kamelet:tag-action\", parameters: {tag: x, words: \"%s\"}}";
        assertRefused(tag.formatted("a,".repeat(500) + "b"), "it has at most 500 words");
        assertEquals(List.of(), refused(step(tag.formatted("a,".repeat(499) + "b"))));
    }

    @Test
    void aReasonIsOneLineForALog() throws IOException {
        Refusal refusal = refused(step("\"a\\nFORGED line\": {}")).get(0);
        assertTrue(refusal.reason().startsWith("the step a FORGED line may not"), refusal::toString);
    }

    @Test
    void whatIsNestedDeeplyIsCheckedInTime() throws IOException {
        String steps = "[{log: x}]";
        for (int depth = 0; depth < 16; depth++) {
            steps = "[{choice: {when: [{simple: \"${body} == 'a'\", steps: " + steps
                    + "}], otherwise: {steps: [{filter: {simple: \"${body} == 'a'\", steps: [{log: x}]}}]}}}]";
        }
        String file = "- route: {id: x, from: {uri: direct:reminder-channels, steps: " + steps + "}}\n";
        long before = System.nanoTime();
        refused(file);
        refused("[".repeat(100_000));
        refused("- &a [x, x, x, x, x, x, x, x, x]\n"
                + java.util.stream.IntStream.range(0, 9)
                        .mapToObj(i ->
                                "- &" + (char) ('b' + i) + " [" + ("*" + (char) ('a' + i) + " , ").repeat(8) + "x]\n")
                        .collect(java.util.stream.Collectors.joining()));
        assertTrue(System.nanoTime() - before < java.time.Duration.ofSeconds(30).toNanos());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://x/../../../../../v1.0/state/state",
                "http://x/a/../b",
                "http://x/./a",
                "http://x/a//b",
                "http://x//v1.0/shutdown",
                "http://x/a/..",
                "http://x/%2e%2e/%2e%2e/v1.0/shutdown",
                "http://x/..%2f..%2fv1.0/shutdown",
                "http://x/..%5c../a",
                "http://x/a%0Ab",
                "http://x/a%7F"
            })
    void anAddressIsNoCallOfTheSidecar(String url) throws IOException {
        assertRefused(
                "to: {uri: kamelet:webhook-sink, parameters: {url: '" + url + "'}}", "no . or .. and no empty part");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/?a=b/../c//",
                "/a%2Fb",
                "/a%3Bb",
                "/a%23b",
                "/a%3fb",
                "/a%25b",
                "/a%2520b",
                "/a#b",
                "/a%",
                "/a%2F"
            })
    void aPathMayHoldAnyLetter(String path) throws IOException {
        assertEquals(
                List.of(), refused(step("to: {uri: kamelet:webhook-sink, parameters: {url: 'http://x" + path + "'}}")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a/", "/a/?b=c", "/a%2Fb/"})
    void aSlashAtTheEndOfAPathIsRefusedWithItsLine(String path) throws IOException {
        List<Refusal> refusals =
                refused(step("to: {uri: kamelet:webhook-sink, parameters: {url: 'http://x" + path + "'}}"));
        assertEquals(1, refusals.size(), refusals::toString);
        assertEquals(6, refusals.get(0).line());
        assertTrue(refusals.get(0).reason().contains("Dapr leaves out the / at the end"), refusals::toString);
    }

    @Test
    void theTopicsOfDeadLettersAreDaprs() throws IOException {
        assertRefused(
                "to: {uri: kamelet:dapr-publish-sink, parameters: {topic: audit-task-events-dead-letters}}",
                "is written by Dapr alone");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$[0,0][0,0]",
                "$['a','a']",
                "$[?($[*] subsetof $[*])]",
                "$[?(@.a in ['b'])]",
                "$[?(@.a NIN ['b'])]",
                "$[?(@.a == $.b)]",
                "$.a[?(@.b size 3)]"
            })
    void aPathThatTakesMoreThanItLooksAtIsNone(String path) throws IOException {
        assertRefused("setBody: {jsonpath: {expression: \"" + path + "\"}}", "no JSONPath that may be used here");
    }

    @ParameterizedTest
    @ValueSource(strings = {"$..[?(@ == 'x')]", "$.a[?(@.b)]..c", "$[?(@0)]"})
    void aFilterCopiesNothingTooOften(String path) throws IOException {
        assertRefused(
                "setBody: {jsonpath: {expression: \"" + path.replace("@0", "@ == 0 && ".repeat(20) + "@ == 1") + "\"}}",
                "may have @ 20 times, and not beside ..");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$.a.in",
                "$['in']",
                "$.size.of",
                "$.a[?(@.in == 'x in y')]",
                "$.a[1:3].b",
                "$.a[?(@.b == 'a@b' || @.e < @.c && !@.d)][?(@ == '@')]"
            })
    void namesLikeOperatorsAreNames(String path) throws IOException {
        assertEquals(List.of(), refused(step("setBody: {jsonpath: {expression: \"" + path + "\"}}")));
    }

    /** It is refused soon and with its reason, whatever it says, and the next file is looked at. */
    @Test
    void aFileThatCannotBeCheckedKeepsNoOtherOut() throws IOException {
        List<String> files = List.of(
                step("log: x").replace("id: x", "id: '.'"),
                step("log: x").replace("id: x", "id: '..'"),
                EXAMPLE.replace("topic: task-events", "topic: task-events\n        type: " + "a,".repeat(1_500) + "a"),
                step("setBody: {constant: &a '" + "x".repeat(120_000) + "'}")
                        + "        - setBody: {constant: *a}\n".repeat(1_000),
                step("setBody: {constant: '" + "{".repeat(200_000) + "'}"),
                step("setBody: {constant: '" + "{".repeat(100_000) + "}}'}"));
        long before = System.nanoTime();
        for (String file : files) {
            List<Refusal> refusals = refused(file, step("bean: x").replace("id: x", "id: y"));
            assertTrue(
                    refusals.stream().anyMatch(it -> it.file().equals("a.camel.yaml")), () -> file.substring(0, 100));
            assertTrue(refusals.toString().contains("the step bean"), refusals::toString);
        }
        assertTrue(System.nanoTime() - before < Duration.ofSeconds(20).toNanos());
    }

    @Test
    void theFilesOfAServiceAreNotReadWithoutEnd() throws IOException {
        String text = "# nothing\n".repeat(26_000);
        String[] files = new String[20];
        Arrays.fill(files, text);
        assertEquals(
                List.of("r.camel.yaml", "s.camel.yaml", "t.camel.yaml"),
                refused(files).stream().map(Refusal::file).toList());
    }

    /** By whatever does not end: here a setting that never comes. */
    @Test
    void aFileThatTakesTooLongIsRefusedAndTheOthersGoOn() throws IOException {
        CountDownLatch never = new CountDownLatch(1);
        AtomicInteger looks = new AtomicInteger();
        Terms terms = Terms.of(
                "reminder",
                dslYaml.resolve("kamelets"),
                name -> {
                    looks.incrementAndGet();
                    while (never.getCount() > 0) {
                        try {
                            never.await();
                        } catch (InterruptedException told) {
                            // It goes on all the same.
                        }
                    }
                    return "x";
                },
                GRANTED);
        refused(EXAMPLE);
        Check check = new Check(
                terms,
                new Loaded.Ground(new DefaultRegistry(), NoKamelets::new, Loaded.Use.CHECKED, null),
                Duration.ofSeconds(2),
                () -> {});
        TreeMap<String, String> files = new TreeMap<>(
                Map.of("a.camel.yaml", step("log: {message: \"{{hook.slow}}\"}"), "b.camel.yaml", EXAMPLE));
        try {
            Check.Result result = check.check(files, Map.of());
            assertEquals(
                    List.of(new Refusal("a.camel.yaml", 1, "it takes more than 2 s to look at")), result.refusals());
            assertEquals(Set.of("b.camel.yaml"), result.loaded().keySet());
            result.loaded().values().forEach(Loaded::stop);
            // As it is it would take as long again.
            assertEquals(1, looks.get());
            assertEquals(
                    result.refusals(),
                    check.check(new TreeMap<>(files.headMap("b")), Map.of()).refusals());
            assertEquals(1, looks.get());
            files.put("a.camel.yaml", step("log: x"));
            Check.Result mended = check.check(new TreeMap<>(files.headMap("b")), Map.of());
            assertEquals(List.of(), mended.refusals());
            mended.loaded().values().forEach(Loaded::stop);
        } finally {
            never.countDown();
        }
    }

    private static String many(int number, String id) {
        return IntStream.range(0, number)
                .mapToObj(i -> EXAMPLE.replace("urgent-to-webhook", id + i))
                .collect(Collectors.joining());
    }

    @Test
    void allFilesTogetherHaveNoMoreThanAServiceCanCarry() throws IOException {
        List<Refusal> refusals = refused(many(23, "a"), many(12, "b"), EXAMPLE);
        assertEquals(
                List.of("b.camel.yaml"), refusals.stream().map(Refusal::file).toList(), refusals::toString);
        assertTrue(refusals.get(0).reason().contains("may have"), refusals::toString);
        refusals = refused(many(24, "a"), EXAMPLE, "");
        assertEquals(
                List.of("a.camel.yaml"), refusals.stream().map(Refusal::file).toList(), refusals::toString);
        assertTrue(
                refusals.get(0).reason().matches("it has 10\\d{3} parts and may have 10000: of 20000 .*\\(a route .*"),
                refusals::toString);
        String log = "- log: '" + "${body}".repeat(2_200) + "'\n        ";
        refusals = refused(step(log.repeat(10).substring(2) + "- stop: {}"));
        assertTrue(refusals.toString().contains("may have"), refusals::toString);
    }

    @Test
    void whatIsThereAlreadyStaysAndIsTakenAllAtOnceToo() throws IOException {
        assertEquals(List.of(), refused(many(11, "a"), many(23, "b")));
        Check check = new Check(
                Terms.of("reminder", dslYaml.resolve("kamelets"), name -> null, GRANTED),
                new Loaded.Ground(new DefaultRegistry(), NoKamelets::new, Loaded.Use.CHECKED, null));
        Map<String, Loaded> running = new TreeMap<>();
        for (String text : List.of(many(23, "b"), many(11, "a"), many(23, "b") + "# edited")) {
            String file = text.contains("hook.a") ? "a.camel.yaml" : "b.camel.yaml";
            Check.Result result = check.check(new TreeMap<>(Map.of(file, text)), running);
            assertEquals(List.of(), result.refusals());
            running.putAll(result.loaded());
        }
        Check.Result more = check.check(new TreeMap<>(Map.of("b.camel.yaml", many(24, "b"))), running);
        assertTrue(more.refusals().toString().contains("half of what the others leave free"), more::toString);
        running.values().forEach(Loaded::stop);
    }

    @Test
    void whoMakesManyMistakesMendsTheFirst() throws IOException {
        List<Refusal> refusals = refused(step("bean: x") + "        - bean: x\n".repeat(500));
        assertEquals(20, refusals.size());
        assertEquals(6, refusals.get(0).line());
    }

    @Test
    void aNameThatWouldForgeALineIsNone() throws IOException {
        Files.writeString(routes.resolve("a\nERROR.camel.yaml"), EXAMPLE);
        assertEquals(
                List.of("a ERROR.camel.yaml:1: its name is no text for a log"),
                refused().stream().map(Refusal::toString).toList());
    }

    @Test
    void textsOfAllLevelsOfAValueAreNotToBeHad() throws IOException {
        assertRefused(
                "setBody: {jsonpath: {expression: \"$..*\", writeAsString: true}}",
                "a JSONPath with .. gives no texts");
    }

    @Test
    void aPointHasOneRoute() throws IOException {
        List<Refusal> refusals = refused(step("log: x"), step("log: x").replace("id: x", "id: y"));
        assertEquals(
                "a route from direct:reminder-channels is there already, in a.camel.yaml",
                refusals.get(1).reason());
    }
}
