package dev.sandglass.support.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.jayway.jsonpath.InvalidPathException;
import com.jayway.jsonpath.JsonPath;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a file of routes may say. What is not on these lists is refused: YAML of Camel's could otherwise name any class, read any file
 * and look at any setting.
 */
final class AllowList {
    /** Names of settings that routes may use, as <code>{{hook.x}}</code>. */
    static final String SETTINGS = "hook.";

    private static final Set<String> EVERYWHERE = Set.of("id", "description", "note");
    private static final Set<String> LANGUAGES = new TreeSet<>(
            Set.of("constant", "exchangeProperty", "header", "jsonpath", "simple", "tokenize", "variable"));
    private static final Set<String> OTHER_LANGUAGES = Set.of(
            "bean",
            "csimple",
            "datasonnet",
            "groovy",
            "java",
            "joor",
            "jq",
            "js",
            "language",
            "method",
            "mvel",
            "ognl",
            "python",
            "ref",
            "spel",
            "wasm",
            "xpath",
            "xquery",
            "xtokenize");
    private static final Set<String> OF_EXPRESSIONS = Set.of(
            "expression",
            "id",
            "trim",
            "token",
            "endToken",
            "group",
            "regex",
            "skipFirst",
            "suppressExceptions",
            "unpackArray",
            "writeAsString");
    /** A star stands for an expression. */
    private static final Map<String, Set<String>> STEPS = steps();

    private static final Map<String, Set<String>> OPTIONS = Map.of(
            "direct", Set.of(),
            "log",
                    Set.of(
                            "level",
                            "showAll",
                            "showBody",
                            "showHeaders",
                            "showBodyType",
                            "multiline",
                            "maxChars",
                            "marker"),
            "timer", Set.of("period", "delay", "repeatCount", "fixedRate", "time", "pattern"));
    private static final List<String> COMPONENTS = List.of("direct", "kamelet", "log", "timer");

    private static final Pattern FUNCTION =
            Pattern.compile("\\$(?:simple)?\\{([^{}$]*(?:\\$(?!\\{|simple\\{)[^{}$]*)*)");
    private static final Pattern NAME = Pattern.compile("[A-Za-z]+(-with-timezone)?");
    private static final Pattern ONE_NAME = Pattern.compile("[.:][\\w-]+|\\[['\"]?[\\w-]+['\"]?]");
    private static final Pattern DATE = Pattern.compile(
            ":(now|exchangeCreated|header\\.[\\w-]+|variable\\.[\\w-]+|exchangeProperty\\.[\\w-]+)([+-]\\w+)*(:.*)?");
    private static final Pattern BY_CLASS = Pattern.compile("}\\s*!?is\\s");
    private static final Pattern SETTING = Pattern.compile("\\{\\{([^{}]*)}?}?");
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,100}");
    private static final SortedSet<String> WITH_ARGUMENTS =
            new TreeSet<>(Set.of("hash", "iif", "join", "jsonpath", "random", "replace", "substring", "uuid"));
    private static final Set<String> ALONE =
            Set.of("body", "exchangeId", "routeId", "messageTimestamp", "null", "empty", "uuid");
    private static final Set<String> OF_ONE_NAME = Set.of("header", "headers", "exchangeProperty", "variable");

    private final String file;
    private final YamlText text;
    private final Offer offer;
    private final Kamelets kamelets;
    private final Function<String, @Nullable String> settings;
    private final List<Refusal> refusals = new ArrayList<>();
    private final List<YamlRoute> routes = new ArrayList<>();
    private final Map<String, String> called = new HashMap<>();

    private static Map<String, Set<String>> steps() {
        Map<String, Set<String>> steps = new HashMap<>();
        steps.put("to", Set.of("uri", "parameters"));
        steps.put("log", Set.of("message", "loggingLevel", "logName", "marker"));
        steps.put("filter", Set.of("*", "steps"));
        steps.put("choice", Set.of("when", "otherwise"));
        steps.put("when", Set.of("*", "steps"));
        steps.put("otherwise", Set.of("steps"));
        steps.put("split", Set.of("*", "steps", "delimiter", "stopOnException"));
        steps.put("multicast", Set.of("steps", "stopOnException"));
        steps.put("loop", Set.of("*", "steps"));
        steps.put("setBody", Set.of("*"));
        steps.put("transform", Set.of("*"));
        steps.put("validate", Set.of("*"));
        steps.put("setHeader", Set.of("*", "name"));
        steps.put("setProperty", Set.of("*", "name"));
        steps.put("setVariable", Set.of("*", "name"));
        steps.put("setHeaders", Set.of("headers"));
        steps.put("removeHeader", Set.of("name"));
        steps.put("removeHeaders", Set.of("pattern", "excludePattern"));
        steps.put("removeProperty", Set.of("name"));
        steps.put("delay", Set.of("*"));
        steps.put("stop", Set.of());
        steps.put("marshal", Set.of("json"));
        steps.put("unmarshal", Set.of("json"));
        return steps;
    }

    /** @param settings the value of a setting by its name, null where it has none */
    AllowList(String file, YamlText text, Offer offer, Kamelets kamelets, Function<String, @Nullable String> settings) {
        this.file = file;
        this.text = text;
        this.offer = offer;
        this.kamelets = kamelets;
        this.settings = settings;
        if (!text.json().isArray() || text.json().isEmpty()) {
            refuse("", "a file is a list of routes, each beginning with '- route:'");
        }
        for (int i = 0; text.json().isArray() && i < text.json().size(); i++) {
            JsonNode item = text.json().get(i);
            String at = "/" + i;
            if (!item.isObject() || item.size() != 1 || !item.has("route")) {
                refuse(at, "only '- route:' may stand here, not " + names(item));
            } else {
                route(item.get("route"), at + "/route");
            }
        }
        strings(text.json(), "", true);
        called.forEach((name, at) -> {
            if (routes.stream().noneMatch(route -> name.equals(route.direct()))) {
                refuse(at, "no route of this file is from direct:" + name);
            }
        });
        for (YamlRoute route : routes) {
            if (route.direct() != null
                    && !offer.points().contains(route.direct())
                    && !called.containsKey(route.direct())) {
                refuse(
                        route.at() + "/from/uri",
                        "nothing calls direct:" + route.direct() + "; " + offer.service() + " hands over to "
                                + offer.points());
            }
        }
    }

    List<Refusal> refusals() {
        return refusals;
    }

    List<YamlRoute> routes() {
        return routes;
    }

    private void refuse(String at, String reason) {
        refusals.add(new Refusal(file, text.line(at), reason));
    }

    // ---------------------------------------------------------------- Routes and steps

    private void route(JsonNode route, String at) {
        keys(route, at, Set.of("id", "description", "note", "group", "from"), "route");
        String id = route.path("id").asText();
        if (!ID.matcher(id).matches()) {
            refuse(at + "/id", "a route needs an id, of letters, digits, '.', '_' and '-', at most 100");
        } else if (Offer.services().contains(id.split("\\.")[0]) && !id.matches("[a-z]+\\.hook\\..+")) {
            refuse(
                    at + "/id",
                    "ids like " + id + " are those of the service's own routes; take " + offer.service()
                            + ".hook.<name>");
        }
        JsonNode from = route.path("from");
        String start = at + "/from";
        keys(from, start, Set.of("id", "description", "uri", "parameters", "steps"), "from");
        Called source = uri(from, start, true);
        String direct = null;
        Wanted wanted = null;
        if (source != null && source.component.equals("direct")) {
            direct = source.name;
        } else if (source != null && source.name.equals("dapr-event-source")) {
            wanted = wanted(source, start);
        } else if (source != null && source.component.equals("log")) {
            refuse(start, "log is no source of messages");
        }
        routes.add(new YamlRoute(id, at, text.line(at), direct, wanted));
        steps(from.path("steps"), start + "/steps");
    }

    private @Nullable Wanted wanted(Called source, String at) {
        String topic = source.text("topic");
        if (topic != null && !offer.topics().contains(topic)) {
            refuse(
                    source.place("topic", at),
                    offer.service() + " is not given the topic " + topic + "; it is given " + offer.topics());
        }
        String filter = source.text("filter");
        if (filter != null) {
            jsonpath(filter, source.place("filter", at));
        }
        String types = source.text("type");
        return new Wanted(
                file,
                Objects.requireNonNullElse(topic, ""),
                types == null || types.equals("*")
                        ? List.of()
                        : Arrays.asList(types.trim().split("\\s*,\\s*")),
                source.text("list"),
                filter);
    }

    private void steps(JsonNode steps, String at) {
        if (!steps.isArray() || steps.isEmpty()) {
            refuse(at, "steps are a list, with at least one");
            return;
        }
        for (int i = 0; i < steps.size(); i++) {
            JsonNode step = steps.get(i);
            String here = at + "/" + i;
            if (!step.isObject() || step.size() != 1) {
                refuse(here, "a step is one name with what belongs to it");
                continue;
            }
            String name = step.fieldNames().next();
            if (!STEPS.containsKey(name) || name.equals("when") || name.equals("otherwise")) {
                refuse(here + "/" + name, "the step " + name + " may not be used here; these may: " + stepNames());
            } else {
                step(name, step.get(name), here + "/" + name);
            }
        }
    }

    private void step(String name, JsonNode step, String at) {
        Set<String> allowed = Objects.requireNonNull(STEPS.get(name));
        if (name.equals("to")) {
            Called to = uri(step, at, false);
            if (to != null && to.component.equals("direct")) {
                called.put(to.name, at);
            } else if (to != null && to.component.equals("timer")) {
                refuse(at, "a timer can only stand in from");
            }
        }
        if (!step.isObject()) {
            // "to: uri" and "log: message" are short for what has one part.
            return;
        }
        keys(step, at, allowed, name);
        if (allowed.contains("*")) {
            expression(step, at, name);
        }
        if (allowed.contains("steps")) {
            steps(step.path("steps"), at + "/steps");
        }
        for (int i = 0; i < step.path("when").size(); i++) {
            step("when", step.path("when").get(i), at + "/when/" + i);
        }
        if (step.has("otherwise")) {
            step("otherwise", step.get("otherwise"), at + "/otherwise");
        }
        for (int i = 0; i < step.path("headers").size(); i++) {
            step("setHeader", step.path("headers").get(i), at + "/headers/" + i);
        }
        if (name.equals("setHeader") || name.equals("removeHeader")) {
            String header = step.path("name").asText();
            if (header.toLowerCase(Locale.ROOT).startsWith("camel") || header.contains("$")) {
                refuse(at + "/name", "the header " + header + " may not be set: it would tell components what to do");
            }
        }
        if (step.path("json").isObject()) {
            keys(step.get("json"), at + "/json", Set.of("library", "prettyPrint"), "json");
        }
    }

    private void keys(JsonNode node, String at, Set<String> allowed, String of) {
        node.fieldNames().forEachRemaining(key -> {
            boolean language = allowed.contains("*")
                    && (key.equals("expression") || LANGUAGES.contains(key) || OTHER_LANGUAGES.contains(key));
            if (!allowed.contains(key) && !EVERYWHERE.contains(key) && !language) {
                Set<String> may = new TreeSet<>(allowed);
                may.remove("*");
                refuse(at + "/" + key, of + " has no " + key + " here" + (may.isEmpty() ? "" : "; it has " + may));
            }
        });
    }

    // ---------------------------------------------------------------- Expressions

    private void expression(JsonNode holder, String at, String of) {
        boolean nested = holder.path("expression").isObject();
        JsonNode within = nested ? holder.get("expression") : holder;
        String here = nested ? at + "/expression" : at;
        boolean any = false;
        for (var fields = within.fields(); fields.hasNext(); ) {
            var field = fields.next();
            String language = field.getKey();
            if (OTHER_LANGUAGES.contains(language)) {
                refuse(
                        here + "/" + language,
                        "the language " + language + " may not be used here; these may: " + LANGUAGES);
                any = true;
            } else if (LANGUAGES.contains(language)) {
                any = true;
                JsonNode value = field.getValue();
                String says = value.isObject() ? value.path("expression").asText() : value.asText();
                keys(value, here + "/" + language, OF_EXPRESSIONS, language);
                if (language.equals("jsonpath")) {
                    jsonpath(says, here + "/" + language);
                }
                if (language.equals("simple") && BY_CLASS.matcher(says).find()) {
                    refuse(here + "/" + language, "simple may not name classes ('is')");
                }
            }
        }
        if (!any) {
            refuse(at, of + " needs an expression, in one of " + LANGUAGES);
        }
    }

    private void jsonpath(String path, String at) {
        if (!path.contains("${") && !path.contains("{{")) {
            try {
                JsonPath.compile(path);
            } catch (InvalidPathException | IllegalArgumentException e) {
                refuse(at, "no JSONPath: " + e.getMessage());
            }
        }
    }

    /** Whatever text it is: functions, settings and files it names. */
    private void strings(JsonNode node, String at, boolean evaluated) {
        if (node.isTextual()) {
            text(node.asText(), at, evaluated);
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                strings(node.get(i), at + "/" + i, evaluated);
            }
        } else if (node.isObject()) {
            node.fields().forEachRemaining(field -> {
                if (!Set.of("description", "note").contains(field.getKey())) {
                    strings(
                            field.getValue(),
                            at + "/" + field.getKey().replace("~", "~0").replace("/", "~1"),
                            evaluated && !field.getKey().equals("constant"));
                }
            });
        }
    }

    private void text(String says, String at, boolean evaluated) {
        for (Matcher function = FUNCTION.matcher(says); evaluated && function.find(); ) {
            String wrong = function(function.group(1).trim());
            if (wrong != null) {
                refuse(at, "${" + function.group(1) + "}: " + wrong);
            }
        }
        for (Matcher setting = SETTING.matcher(says); setting.find(); ) {
            String name = setting.group(1).trim();
            String plain = name.split(":")[0];
            if (!plain.startsWith(SETTINGS) || !plain.matches("[a-z0-9.-]+")) {
                refuse(at, "{{" + name + "}}: only settings named " + SETTINGS + "… may be used here");
            } else if (!name.contains(":") && settings.apply(plain) == null) {
                refuse(at, "the setting " + plain + " is missing");
            }
        }
        if (says.startsWith("resource:")) {
            refuse(at, "no files: " + says);
        }
    }

    private static @Nullable String function(String says) {
        Matcher matcher = NAME.matcher(says);
        String name = matcher.lookingAt() ? matcher.group() : "";
        String rest = says.substring(name.length());
        if (name.equals("body") && !rest.isEmpty()) {
            return "fields and methods of the body are out of reach; read fields with jsonpath";
        }
        boolean fine = (ALONE.contains(name) && rest.isEmpty())
                || (OF_ONE_NAME.contains(name) && ONE_NAME.matcher(rest).matches())
                || (name.equals("exception") && rest.equals(".message"))
                || (name.startsWith("date") && DATE.matcher(rest).matches())
                || (WITH_ARGUMENTS.contains(name) && rest.startsWith("("));
        return fine
                ? null
                : "not a function that may be used here; these may: body, header.x, exchangeProperty.x, variable.x, "
                        + "exception.message, date:now:…, routeId, " + String.join(", ", WITH_ARGUMENTS);
    }

    // ---------------------------------------------------------------- Endpoints

    /** @param places where each parameter stands in the file */
    private record Called(String component, String name, Map<String, JsonNode> parameters, Map<String, String> places) {
        String place(String parameter, String otherwise) {
            return places.getOrDefault(parameter, otherwise);
        }

        @Nullable
        String text(String parameter) {
            JsonNode value = parameters.get(parameter);
            return value == null || value.isNull() ? null : value.asText();
        }
    }

    private @Nullable Called uri(JsonNode holder, String at, boolean source) {
        String uri = holder.isTextual() ? holder.asText() : holder.path("uri").asText();
        String where = holder.has("uri") ? at + "/uri" : at;
        String[] parts = uri.split("\\?", 2);
        int colon = parts[0].indexOf(':');
        String component = colon < 0 ? parts[0] : parts[0].substring(0, colon);
        String name = colon < 0 ? "" : parts[0].substring(colon + 1).replaceFirst("^//", "");
        if (!COMPONENTS.contains(component)) {
            refuse(
                    where,
                    "the component " + (component.isEmpty() ? "(none)" : component)
                            + " may not be used here; these may: " + COMPONENTS);
            return null;
        }
        Map<String, JsonNode> parameters = new HashMap<>();
        Map<String, String> places = new HashMap<>();
        if (parts.length == 2) {
            for (String pair : parts[1].split("&")) {
                String[] sides = pair.split("=", 2);
                String value = sides.length == 2 ? URLDecoder.decode(sides[1], StandardCharsets.UTF_8) : "";
                parameters.put(sides[0], TextNode.valueOf(value));
                places.put(sides[0], where);
            }
        }
        holder.path("parameters").fields().forEachRemaining(field -> {
            parameters.put(field.getKey(), field.getValue());
            places.put(field.getKey(), at + "/parameters/" + field.getKey());
        });
        parameters.forEach((parameter, value) -> {
            if (value.asText().startsWith("#")) {
                refuse(Objects.requireNonNull(places.get(parameter)), parameter + " may not name a bean");
            }
        });
        if (component.equals("kamelet")) {
            kamelets.mistakes(name, source, parameters)
                    .forEach((parameter, mistake) -> refuse(places.getOrDefault(parameter, where), mistake));
        } else {
            Set<String> options = Objects.requireNonNull(OPTIONS.get(component));
            Set<String> unknown = new HashSet<>(parameters.keySet());
            unknown.removeAll(options);
            unknown.forEach(parameter -> refuse(
                    Objects.requireNonNull(places.get(parameter)),
                    component + " has no parameter " + parameter + " here"
                            + (options.isEmpty() ? "" : "; it has " + new TreeSet<>(options))));
            if (name.isEmpty() || name.contains("$") || name.contains("{")) {
                refuse(where, component + " needs a plain name, as in " + component + ":name");
            }
        }
        return new Called(component, name, parameters, places);
    }

    private static SortedSet<String> stepNames() {
        SortedSet<String> names = new TreeSet<>(STEPS.keySet());
        names.removeAll(Set.of("when", "otherwise"));
        return names;
    }

    private static String names(JsonNode item) {
        List<String> names = new ArrayList<>();
        item.fieldNames().forEachRemaining(names::add);
        return names.isEmpty() ? "this" : String.join(", ", names);
    }
}
