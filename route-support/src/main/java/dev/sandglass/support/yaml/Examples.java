package dev.sandglass.support.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.sandglass.events.Json;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The tests that stand beside routes: of {@code NAME.camel.yaml} in {@code NAME.test.yaml}, a list of
 * {@code {test, route?, event | body, headers?, answers?, calls, result?}}. {@code event} needs what the route looks at; {@code calls}
 * are all that would have been done, each {@code {<kind>: <target>, body?, with?}}; of a JSON body the members that are named
 * are compared.
 */
final class Examples {
    private static final String TESTS = ".test.yaml";
    private static final String ROUTES = ".camel.yaml";
    private static final int MOST = 100;
    private static final List<String> OF_A_TEST =
            List.of("test", "route", "event", "body", "headers", "answers", "calls", "result");
    private static final List<String> OF_A_CALL =
            List.of("post", "invoke", "bind", "publish", "job", "keep", "forget", "body", "with");

    private final Terms terms;

    Examples(Terms terms) {
        this.terms = terms;
    }

    /**
     * Runs the tests in a folder.
     *
     * @param only the name of one file of routes; null: all
     * @return what they found wrong
     * @throws IOException when the folder cannot be read
     */
    List<Refusal> wrong(Path folder, @Nullable String only) throws IOException {
        List<Refusal> wrong = new ArrayList<>();
        try (DirectoryStream<Path> tests = Files.newDirectoryStream(folder, "*" + TESTS)) {
            for (Path file : tests) {
                String name = file.getFileName().toString();
                String routes = name.substring(0, name.length() - TESTS.length()) + ROUTES;
                if (only == null || only.equals(routes)) {
                    wrong.addAll(wrong(folder.resolve(routes), file));
                }
            }
        }
        return wrong;
    }

    private List<Refusal> wrong(Path routes, Path tests) throws IOException {
        String name = tests.getFileName().toString();
        List<Refusal> wrong = new ArrayList<>();
        try {
            YamlText text = new YamlText(Files.readString(tests));
            if (!text.json().isArray()) {
                return List.of(
                        new Refusal(name, 1, "a file of tests is a list of tests, each beginning with '- test:'"));
            }
            if (text.json().size() > MOST) {
                return List.of(new Refusal(name, text.line("/" + MOST), "a file has at most " + MOST + " tests"));
            }
            for (int i = 0; i < text.json().size(); i++) {
                JsonNode test = text.json().get(i);
                String unknown = unknown(test);
                String reason = unknown == null ? wrong(routes, test) : unknown;
                if (reason != null) {
                    wrong.add(new Refusal(
                            name, text.line("/" + i), test.path("test").asText() + ": " + reason));
                }
            }
        } catch (YamlText.Unreadable e) {
            wrong.add(new Refusal(name, e.line, String.valueOf(e.getMessage())));
        } catch (NoSuchFileException e) {
            wrong.add(new Refusal(name, 1, "there is no " + routes.getFileName() + " beside it"));
        } catch (CharacterCodingException e) {
            wrong.add(new Refusal(name, 1, "it is no text in UTF-8"));
        }
        return wrong;
    }

    /** A misspelt key would never be compared. */
    private static @Nullable String unknown(JsonNode test) {
        Stream<String> ofTest = test.propertyStream()
                .map(Map.Entry::getKey)
                .filter(key -> !OF_A_TEST.contains(key))
                .map(key -> "a test has no " + key + "; it has " + OF_A_TEST);
        Stream<String> ofCalls = test.path("calls")
                .valueStream()
                .flatMap(JsonNode::propertyStream)
                .map(Map.Entry::getKey)
                .filter(key -> !OF_A_CALL.contains(key))
                .map(key -> "a call has no " + key + "; it has " + OF_A_CALL);
        return Stream.concat(ofTest, ofCalls).findFirst().orElse(null);
    }

    private @Nullable String wrong(Path routes, JsonNode test) throws IOException {
        List<JsonNode> answers = test.path("answers").valueStream().toList();
        Map<String, Object> headers = new HashMap<>();
        test.path("headers")
                .properties()
                .forEach(
                        header -> headers.put(header.getKey(), header.getValue().asText()));
        try (Trial trial = new Trial(terms, routes, answers)) {
            JsonNode message = test.has("event") ? test.get("event") : test.path("body");
            Trial.Outcome outcome = trial.send(
                    test.path("route").asText(null),
                    message.isMissingNode() ? NullNode.getInstance() : message,
                    headers);
            if (outcome.failure() != null) {
                return "it failed: " + outcome.failure().getMessage();
            }
            return difference(test, outcome);
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    private static @Nullable String difference(JsonNode test, Trial.Outcome outcome) {
        List<TrialDapr.Call> done = outcome.calls().stream()
                .filter(call -> !call.target().startsWith("yaml-first/"))
                .toList();
        List<JsonNode> expected = test.path("calls").valueStream().toList();
        for (int i = 0; i < Math.max(done.size(), expected.size()); i++) {
            if (i >= done.size()) {
                return "expected " + expected.get(i) + ", and nothing more was done";
            }
            if (i >= expected.size()) {
                return "not expected: it " + Trial.would(done.get(i));
            }
            if (!fits(expected.get(i), done.get(i))) {
                return "expected " + expected.get(i) + ", and it " + Trial.would(done.get(i));
            }
        }
        if (test.has("result") && !has(json(outcome.body()), test.get("result"))) {
            return "expected the result " + test.get("result") + ", and it is " + outcome.body();
        }
        return null;
    }

    private static boolean fits(JsonNode expected, TrialDapr.Call call) {
        return call.target().matches(pattern(expected.path(call.kind()).asText()))
                && (!expected.has("body") || has(json(call.body()), expected.get("body")))
                && has(Json.tree(call.with()), expected.path("with"));
    }

    /** A star stands for anything. */
    private static String pattern(String target) {
        return "\\Q" + target.replace("*", "\\E.*\\Q") + "\\E";
    }

    /** Compares a value with an expected one: an object must have the named members (null: it must not), anything else must be equal. */
    private static boolean has(JsonNode value, JsonNode expected) {
        if (expected.isMissingNode()) {
            return true;
        }
        if (expected.isNull()) {
            return value.isMissingNode() || value.isNull();
        }
        if (!expected.isObject()) {
            return expected.equals(value)
                    || (expected.isValueNode() && expected.asText().equals(value.asText()));
        }
        for (var member : expected.properties()) {
            if (!has(value.path(member.getKey()), member.getValue())) {
                return false;
            }
        }
        return true;
    }

    private static JsonNode json(@Nullable String text) {
        JsonNode json = text == null ? NullNode.getInstance() : Json.orNone(text);
        return json.isMissingNode() ? Json.tree(text) : json;
    }
}
