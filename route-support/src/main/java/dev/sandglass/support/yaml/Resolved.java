package dev.sandglass.support.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.sandglass.support.domain.EventSelector;
import dev.sandglass.support.kamelets.Messages;
import dev.sandglass.support.kamelets.Webhooks;
import dev.sandglass.support.kamelets.YamlState;
import dev.sandglass.support.yaml.room.Cells;
import dev.sandglass.support.yaml.room.JsonPaths;
import dev.sandglass.support.yaml.room.Names;
import dev.sandglass.support.yaml.room.Room;
import java.time.DateTimeException;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.camel.spi.Language;
import org.jspecify.annotations.Nullable;

/**
 * A file of routes as Camel gets it: settings are in their places, each text is a cell of the {@link Room}, and every word is one of
 * the lists here. What is not on them is wrong, and has its line.
 */
final class Resolved {
    /** The kinds of values under a key. */
    private enum Part {
        CHOICES,
        FLAG,
        HEADERS,
        JSON,
        LEVEL,
        MESSAGE,
        NAME,
        PATTERN,
        SEPARATOR,
        STEPS,
        UNLESS,
        WORD
    }

    /** Karavan gives a new route a nodePrefixId. */
    private static final Set<String> OF_A_ROUTE = Set.of("group", "nodePrefixId", "from");

    private static final Set<String> EVERYWHERE = Set.of("id", "description", "note");
    private static final SortedSet<String> LANGUAGES = new TreeSet<>(
            Set.of("constant", "exchangeProperty", "header", "jsonpath", "simple", "tokenize", "variable"));
    private static final Set<String> PREDICATES = Set.of("filter", "validate", "when");
    /** Begins the {@code direct:} name under which the events of a route come in. */
    static final String WAITING = "waiting-";
    /** Steps whose expression must be a number, so that they can be seen to end. */
    private static final Set<String> NUMBERS = Set.of("delay", "loop");

    private static final Set<String> WITH_EXPRESSION = Set.of(
            "delay",
            "filter",
            "loop",
            "setBody",
            "setHeader",
            "setProperty",
            "setVariable",
            "split",
            "transform",
            "validate",
            "when");
    private static final Map<String, Map<String, Part>> STEPS = Map.ofEntries(
            Map.entry("choice", Map.of("when", Part.CHOICES, "otherwise", Part.UNLESS)),
            Map.entry("delay", Map.of()),
            Map.entry("filter", Map.of("steps", Part.STEPS)),
            Map.entry(
                    "log",
                    Map.of(
                            "message",
                            Part.MESSAGE,
                            "loggingLevel",
                            Part.LEVEL,
                            "logName",
                            Part.WORD,
                            "marker",
                            Part.WORD)),
            Map.entry("loop", Map.of("steps", Part.STEPS)),
            Map.entry("marshal", Map.of("json", Part.JSON)),
            Map.entry("multicast", Map.of("steps", Part.STEPS, "stopOnException", Part.FLAG)),
            Map.entry("otherwise", Map.of("steps", Part.STEPS)),
            Map.entry("removeHeader", Map.of("name", Part.NAME)),
            Map.entry("removeHeaders", Map.of("pattern", Part.PATTERN, "excludePattern", Part.PATTERN)),
            Map.entry("removeProperty", Map.of("name", Part.NAME)),
            Map.entry("setBody", Map.of()),
            Map.entry("setHeader", Map.of("name", Part.NAME)),
            Map.entry("setHeaders", Map.of("headers", Part.HEADERS)),
            Map.entry("setProperty", Map.of("name", Part.NAME)),
            Map.entry("setVariable", Map.of("name", Part.NAME)),
            Map.entry("split", Map.of("steps", Part.STEPS, "delimiter", Part.SEPARATOR, "stopOnException", Part.FLAG)),
            Map.entry("stop", Map.of()),
            Map.entry("transform", Map.of()),
            Map.entry("unmarshal", Map.of("json", Part.JSON)),
            Map.entry("validate", Map.of()),
            Map.entry("when", Map.of("steps", Part.STEPS)));
    /** For what one word stands in the short form of a step. */
    private static final Map<String, String> SHORT =
            Map.of("log", "message", "removeHeader", "name", "removeHeaders", "pattern", "removeProperty", "name");

    private static final SortedSet<String> STEP_NAMES = stepNames();
    private static final SortedSet<String> COMPONENTS = new TreeSet<>(Set.of("direct", "kamelet", "log", "timer"));
    private static final String FLAG = "true|false";
    private static final String LEVEL = "(?i)trace|debug|info|warn|error|off";
    private static final String WORD = "[A-Za-z0-9][A-Za-z0-9._-]{0,99}";
    private static final String DURATION = "[0-9]{1,9}(?:ms|s|m|h|d)?";
    private static final Map<String, Map<String, String>> OPTIONS = Map.of(
            "direct",
            Map.of(),
            "log",
            Map.of(
                    "level", LEVEL,
                    "marker", WORD,
                    "maxChars", "[0-9]{1,6}",
                    "multiline", FLAG,
                    "showBody", FLAG,
                    "showBodyType", FLAG,
                    "showHeaders", FLAG),
            "timer",
            Map.of(
                    // A period of less than a second would keep a processor busy.
                    "period", "[1-9][0-9]{3,9}|[1-9][0-9]{0,5}[smhd]",
                    "delay", DURATION,
                    "fixedRate", FLAG,
                    "pattern", "[A-Za-z' :.-]{1,40}",
                    "repeatCount", "[0-9]{1,9}",
                    "time", "[0-9T :.-]{1,40}"));
    /** The parameter as which an editor such as Kaoto writes the name that else stands in the URI. */
    private static final Map<String, String> NAMES =
            Map.of("direct", "name", "kamelet", "templateId", "log", "loggerName", "timer", "timerName");

    private static final Map<String, Set<String>> OF_LANGUAGE = Map.of(
            "constant", Set.of("expression", "trim"),
            "exchangeProperty", Set.of("expression"),
            "header", Set.of("expression"),
            "jsonpath", Set.of("expression", "suppressExceptions", "unpackArray", "writeAsString"),
            "simple", Set.of("expression", "trim"),
            "tokenize", Set.of("token"),
            "variable", Set.of("expression"));

    /** Characters of what selects events: it is kept with the list of routes, and looked at for each event. */
    private static final int LONGEST_SELECTION = 500;

    private static final Pattern ID = Pattern.compile("(?=.*[A-Za-z0-9])[A-Za-z0-9._-]{1,100}");
    private static final Pattern SILENT = Pattern.compile("(?i)trace|debug");
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,99}");
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,9}(?:\\.[0-9]{1,9})?");
    /** A parameter in a URI: other characters could have a meaning there. */
    private static final Pattern INLINE = Pattern.compile("[A-Za-z0-9._,:/@*-]*");
    /** The value of a setting in a JSONPath. */
    private static final Pattern IN_QUOTES = Pattern.compile("[\\p{L}\\p{N} _@.:+-]*");

    private static final int ROUTES = 50;
    /** The most mistakes that are named at once. */
    private static final int MISTAKES = 20;
    /** The most parts of all files of a service, {@link #parts}. */
    static final int PARTS = 20_000;

    private static final int PARTS_OF_A_KAMELET = 15;
    /** It has a thread, and on events a look at its queue each second. */
    private static final int PARTS_OF_A_SOURCE = 400;

    private static final int CHARACTERS_OF_A_PART = 1_000;

    private final String file;
    private final YamlText text;
    private final Terms terms;
    private final boolean trial;
    private final Cells cells;
    private final Language simple;
    private final Settings settings;
    private final Lined lined = new Lined();
    private final List<Refusal> refusals = new ArrayList<>();
    private final List<YamlRoute> routes = new ArrayList<>();
    private int parts;
    /** Where each route from {@code direct:} is sent to. */
    private final Map<String, String> directs = new HashMap<>();

    /**
     * Reads a file.
     *
     * @param room in which its routes would run
     * @param trial whether its routes are fed by hand, instead of by what they begin with
     */
    Resolved(String file, YamlText text, Terms terms, Room room, boolean trial) {
        this.file = file;
        this.text = text;
        this.terms = terms;
        this.trial = trial;
        this.cells = room.cells();
        this.simple = room.resolveLanguage("simple");
        this.settings = new Settings(terms.settings());
        routes();
    }

    /** The {@code direct:} name under which the events of a route come in. */
    static String waiting(String route) {
        return WAITING + route;
    }

    List<Refusal> refusals() {
        return refusals;
    }

    List<YamlRoute> found() {
        return routes;
    }

    /** How much it takes while it is there: about three kilobytes for each. */
    int parts() {
        return parts + text.length() / CHARACTERS_OF_A_PART;
    }

    /** The file for Camel. */
    String yaml() {
        return lined.toString();
    }

    private void refuse(String at, String reason) {
        if (refusals.size() < MISTAKES) {
            refusals.add(new Refusal(file, text.line(at), reason));
        }
    }

    private Lined line(String at) {
        return lined.at(text.line(at));
    }

    // ---------------------------------------------------------------- Routes and steps

    private void routes() {
        JsonNode all = text.json();
        if (!all.isArray()) {
            refuse("", "a file is a list of routes, each beginning with '- route:'");
            return;
        }
        if (all.size() > ROUTES) {
            refuse("/" + ROUTES, "a file has at most " + ROUTES + " routes");
            return;
        }
        lined.open('[');
        for (int i = 0; i < all.size(); i++) {
            JsonNode item = all.get(i);
            String at = "/" + i;
            if (!item.isObject() || item.size() != 1 || !item.has("route")) {
                refuse(at, "only '- route:' may stand here, not " + names(item));
            } else {
                line(at).open('{').key("route");
                route(item.get("route"), at + "/route");
                lined.close('}');
            }
        }
        lined.close(']');
        directs.forEach((name, at) -> {
            if (routes.stream().noneMatch(route -> name.equals(route.direct()))) {
                refuse(at, "no route of this file is from direct:" + name);
            }
        });
        for (YamlRoute route : routes) {
            if (route.direct() != null
                    && !terms.offer().points().contains(route.direct())
                    && !directs.containsKey(route.direct())) {
                refuse(
                        route.at() + "/from/uri",
                        "nothing calls direct:" + route.direct() + "; "
                                + terms.offer().service() + " hands over to "
                                + terms.offer().points());
            }
        }
    }

    private void route(JsonNode route, String at) {
        if (!route.path("from").isObject()) {
            keys(route, at, OF_A_ROUTE, "route");
            refuse(route.has("from") ? at + "/from" : at, "a route needs from, with a uri and steps");
            return;
        }
        keys(route, at, OF_A_ROUTE, "route");
        String service = terms.offer().service();
        String id = value(route.path("id"), at + "/id");
        if (!ID.matcher(id).matches()) {
            refuse(at + "/id", "a route needs an id, of letters, digits, '.', '_' and '-', at most 100");
        } else if (Offer.services().contains(id.split("\\.", -1)[0]) && !id.matches("[a-z]+\\.hook\\..+")) {
            refuse(
                    at + "/id",
                    "ids like " + id + " are those of the service's own routes; take " + service + ".hook.<name>");
        }
        JsonNode from = route.path("from");
        String start = at + "/from";
        keys(from, start, Set.of("uri", "parameters", "steps"), "from");
        Called source = called(from, start, true);
        parts += source == null || source.component.equals("direct") ? 1 : PARTS_OF_A_SOURCE;
        String direct = null;
        EventSelector wanted = null;
        String fed = null;
        if (source != null && source.component.equals("direct")) {
            direct = source.name;
            fed = direct;
        } else if (source != null && source.name.equals("dapr-event-source")) {
            wanted = wanted(source, start);
            fed = waiting(id);
        } else if (source != null && source.component.equals("log")) {
            refuse(start, "log is no source of messages");
        } else if (source != null && trial) {
            fed = "trial-" + id;
        }
        // A route that a file sends to itself is no way in for others: its name may be that of another file's.
        boolean open = trial
                || wanted != null
                || direct != null && terms.offer().points().contains(direct);
        boolean silent = from.path("steps").valueStream().allMatch(Resolved::isSilent);
        routes.add(new YamlRoute(id, at, text.line(at), direct, wanted, open ? fed : null, claim(source), silent));
        lined.open('{');
        line(at + "/id").key("id").text(id);
        line(start).key("from").open('{');
        if (source != null) {
            line(start + "/uri");
            if (fed == null) {
                endpoint(source);
            } else {
                lined.key("uri").text("direct:" + fed);
            }
        }
        steps(from.path("steps"), start + "/steps");
        lined.close('}').close('}');
    }

    private static boolean isSilent(JsonNode step) {
        JsonNode log = step.path("log");
        return SILENT.matcher(log.path("loggingLevel").asText()).matches() && !log.has("logName");
    }

    /** A Kamelet that is known by a name is there once. */
    private static @Nullable String claim(@Nullable Called source) {
        return source == null || !source.values.containsKey("name")
                ? null
                : source.name + " " + source.values.get("name");
    }

    private EventSelector wanted(Called source, String at) {
        String topic = Objects.requireNonNullElse(source.values.get("topic"), "");
        List<String> known = terms.offer().topics().get(topic);
        if (known == null && source.values.containsKey("topic")) {
            refuse(
                    source.place("topic", at),
                    terms.offer().service() + " is not given the topic " + topic + "; it is given "
                            + terms.offer().topics().keySet());
        }
        for (String name : List.of("type", "list", "filter")) {
            if (Objects.requireNonNullElse(source.values.get(name), "").length() > LONGEST_SELECTION) {
                refuse(source.place(name, at), name + " has at most " + LONGEST_SELECTION + " characters");
                return new EventSelector(file, topic, List.of(), null, null);
            }
        }
        String says = source.values.get("type");
        List<String> types = says == null || says.equals("*")
                ? List.of()
                : Arrays.asList(says.trim().split("\\s*,\\s*"));
        for (String type : types) {
            if (known != null && !known.contains(type)) {
                refuse(source.place("type", at), "no event of " + topic + " is a " + type + "; types are " + known);
            }
        }
        return new EventSelector(file, topic, types, source.values.get("list"), source.values.get("filter"));
    }

    private void steps(JsonNode steps, String at) {
        if (!steps.isArray() || steps.isEmpty()) {
            refuse(at, "steps are a list, with at least one");
            return;
        }
        line(at).key("steps").open('[');
        for (int i = 0; i < steps.size(); i++) {
            JsonNode step = steps.get(i);
            String here = at + "/" + i;
            if (!step.isObject() || step.size() != 1) {
                refuse(here, "a step is one name with what belongs to it");
                continue;
            }
            String name = step.fieldNames().next();
            String within = here + "/" + YamlText.escaped(name);
            if (!STEP_NAMES.contains(name)) {
                refuse(within, "the step " + name + " may not be used here; these may: " + STEP_NAMES);
            } else {
                line(within).open('{').key(name);
                // Camel counts from 0, and has a step's line from where its value begins.
                lined.at(text.line(within) + 1);
                step(name, step.get(name), within);
                lined.close('}');
            }
        }
        lined.close(']');
    }

    private void step(String name, JsonNode step, String at) {
        parts++;
        lined.open('{');
        if (name.equals("to")) {
            to(step, at);
        } else {
            Map<String, Part> parts = Objects.requireNonNull(STEPS.get(name));
            String shortFor = SHORT.get(name);
            if (step.isObject() || step.isNull() && name.equals("stop")) {
                whole(name, step, at, parts);
            } else if (step.isValueNode() && !step.isNull() && shortFor != null) {
                part(Objects.requireNonNull(parts.get(shortFor)), shortFor, step, at, name);
            } else {
                refuse(at, name + " cannot be that");
            }
        }
        lined.close('}');
    }

    private void whole(String name, JsonNode step, String at, Map<String, Part> parts) {
        keys(step, at, parts.keySet(), name);
        id(step, at);
        Comparator<String> inOrder = Comparator.comparingInt(key -> text.line(at + "/" + key));
        parts.keySet().stream().sorted(inOrder).forEach(key -> {
            if (step.has(key)) {
                part(Objects.requireNonNull(parts.get(key)), key, step.get(key), at + "/" + key, name);
            } else if (parts.get(key) == Part.NAME || parts.get(key) == Part.MESSAGE || parts.get(key) == Part.JSON) {
                refuse(at, name + " needs " + key);
            } else if (parts.get(key) == Part.STEPS) {
                steps(NullNode.getInstance(), at);
            }
        });
        if (WITH_EXPRESSION.contains(name)) {
            expression(step, at, name);
        }
    }

    private void id(JsonNode step, String at) {
        if (step.has("id")) {
            String id = value(step.get("id"), at + "/id");
            if (ID.matcher(id).matches()) {
                lined.key("id").text(id);
            } else {
                refuse(at + "/id", "an id has letters, digits, '.', '_' and '-', at most 100");
            }
        }
    }

    private void part(Part part, String key, JsonNode value, String at, String of) {
        switch (part) {
            case STEPS -> steps(value, at);
            case CHOICES -> each(key, value, at, "when");
            case HEADERS -> each(key, value, at, "setHeader");
            case UNLESS -> {
                line(at).key(key);
                step("otherwise", value, at);
            }
            case MESSAGE -> {
                String message = code(value, at, false);
                line(at).key(key).text(message);
            }
            case JSON -> {
                keys(value, at, Set.of("library", "prettyPrint"), "json");
                line(at).key(key).open('{');
                word("library", value, at, "Jackson");
                word("prettyPrint", value, at, FLAG);
                lined.close('}');
            }
            case NAME -> {
                String name = value(value, at);
                try {
                    Names.check(
                            of.equals("setProperty") || of.equals("removeProperty")
                                    ? "exchange property"
                                    : of.equals("setVariable") ? "variable" : "header",
                            name);
                } catch (IllegalArgumentException e) {
                    refuse(at, String.valueOf(e.getMessage()));
                }
                line(at).key(key).text(name);
            }
            case FLAG -> word(key, value, at, FLAG, of);
            case LEVEL -> word(key, value, at, LEVEL, of);
            case PATTERN -> word(key, value, at, "[A-Za-z0-9_-]{0,99}\\*?", of);
            case SEPARATOR -> word(key, value, at, "[,;]|false", of);
            case WORD -> word(key, value, at, WORD, of);
        }
    }

    private void each(String key, JsonNode items, String at, String as) {
        if (!items.isArray()) {
            refuse(at, key + " is a list");
            return;
        }
        line(at).key(key).open('[');
        for (int i = 0; i < items.size(); i++) {
            step(as, items.get(i), at + "/" + i);
        }
        lined.close(']');
    }

    private void word(String key, JsonNode holder, String at, String pattern) {
        if (holder.has(key)) {
            word(key, holder.get(key), at + "/" + key, pattern, "json");
        }
    }

    private void word(String key, JsonNode value, String at, String pattern, String of) {
        String word = value(value, at);
        if (!word.matches(pattern)) {
            refuse(at, key + " of " + of + " is like " + pattern);
        }
        line(at).key(key).text(word);
    }

    private void keys(JsonNode node, String at, Set<String> allowed, String of) {
        if (!node.isObject()) {
            refuse(at, of + " cannot be that");
        }
        node.fieldNames().forEachRemaining(key -> {
            boolean expression = WITH_EXPRESSION.contains(of) && (key.equals("expression") || LANGUAGES.contains(key));
            if (!allowed.contains(key) && !EVERYWHERE.contains(key) && !expression) {
                refuse(
                        at + "/" + YamlText.escaped(key),
                        of + " has no " + key + " here"
                                + (allowed.isEmpty() ? "" : "; it has " + new TreeSet<>(allowed))
                                + (WITH_EXPRESSION.contains(of) ? "; languages are " + LANGUAGES : ""));
            }
        });
    }

    // ---------------------------------------------------------------- Texts

    /** A word: with the settings in it. */
    private String value(JsonNode node, String at) {
        if (node.isContainerNode() || node.isNull()) {
            refuse(at, "one value is wanted here");
            return "";
        }
        return resolved(node.asText(), at, true, (value, text, from, to) -> value);
    }

    private String resolved(String says, String at, boolean strict, Settings.As as) {
        try {
            return settings.in(says, strict, as);
        } catch (IllegalArgumentException e) {
            refuse(at, String.valueOf(e.getMessage()));
            return "";
        }
    }

    private void expression(JsonNode holder, String at, String of) {
        boolean nested = holder.path("expression").isObject();
        JsonNode within = nested ? holder.get("expression") : holder;
        String here = nested ? at + "/expression" : at;
        if (nested) {
            keys(within, here, LANGUAGES, "expression");
        }
        List<String> languages =
                LANGUAGES.stream().filter(language -> within.has(language)).toList();
        if (languages.size() != 1
                || !nested && holder.has("expression")
                || nested && holder.size() > 1 && LANGUAGES.stream().anyMatch(holder::has)) {
            refuse(at, of + " needs an expression, in one of " + LANGUAGES);
            return;
        }
        String language = languages.get(0);
        JsonNode value = within.get(language);
        String place = here + "/" + language;
        if (NUMBERS.contains(of) && !language.equals("constant")) {
            refuse(place, of + " takes a constant here, a number of at most 30000");
            return;
        }
        Set<String> options = Objects.requireNonNull(OF_LANGUAGE.get(language));
        String text = language.equals("tokenize") ? "token" : "expression";
        if (value.isObject()) {
            keys(value, place, options, language);
        }
        JsonNode says = value.isObject() ? value.path(text) : value;
        if (says.isContainerNode() || says.isMissingNode() || says.isNull()) {
            refuse(place, language + " is a text");
            return;
        }
        line(place).key(language).open('{').key(text);
        lined.text(
                switch (language) {
                    case "simple" -> code(trimmed(says, value), place, PREDICATES.contains(of));
                    case "constant" -> constant(trimmed(says, value), place, of);
                    case "tokenize" -> cells.put(Cells.Kind.TEXT, value(says, place));
                    case "jsonpath" -> jsonpath(says.asText().strip(), place);
                    default -> variable(value(says, place).strip(), place);
                });
        for (String option : List.of("suppressExceptions", "unpackArray", "writeAsString")) {
            if (value.isObject() && options.contains(option) && value.has(option)) {
                word(option, value.get(option), place + "/" + option, FLAG, language);
            }
        }
        if (value.path("writeAsString").asBoolean() && says.asText().contains("..")) {
            refuse(place, JsonPaths.NO_TEXTS);
        }
        lined.close('}');
    }

    private static JsonNode trimmed(JsonNode says, JsonNode value) {
        return value.path("trim").asText("true").equals("true")
                ? TextNode.valueOf(says.asText().strip())
                : says;
    }

    private String variable(String name, String at) {
        if (!VARIABLE.matcher(name).matches()) {
            refuse(at, "a name has letters, digits, '_' and '-' here: " + name);
        }
        return name;
    }

    private String constant(JsonNode says, String at, String of) {
        String constant = value(says, at);
        if (constant.startsWith("resource:")) {
            refuse(at, "no files: " + constant);
        }
        if (NUMBERS.contains(of) && !constant.matches(Names.LIMITED)) {
            refuse(at, of + " takes a number of at most 30000");
        }
        return cells.put(Cells.Kind.TEXT, constant);
    }

    /** Simple, tried out. */
    private String code(JsonNode says, String at, boolean predicate) {
        if (says.isContainerNode() || says.isNull()) {
            refuse(at, "a text is wanted here");
            return "";
        }
        String code = simple(says.asText(), at, true);
        if (code.startsWith("resource:")) {
            refuse(at, "no files: " + code);
        }
        String cell = cells.put(Cells.Kind.SIMPLE, code);
        tryOut(cell, at, predicate);
        return cell;
    }

    private String simple(String says, String at, boolean strict) {
        // Each { may begin a function.
        parts += (int) says.chars().filter(c -> c == '{').count();
        return resolved(
                says,
                at,
                strict,
                (value, text, from, to) -> NUMBER.matcher(value).matches() ? value : cells.put(Cells.Kind.TEXT, value));
    }

    private void tryOut(String cell, String at, boolean predicate) {
        try {
            if (predicate) {
                simple.createPredicate(cell);
            } else {
                simple.createExpression(cell);
            }
        } catch (RuntimeException e) {
            refuse(at, e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }

    private String jsonpath(String says, String at) {
        String path = resolved(says, at, true, (value, text, from, to) -> {
            char before = from > 0 ? text.charAt(from - 1) : ' ';
            char after = to < text.length() ? text.charAt(to) : ' ';
            if (before != after
                    || before != '\'' && before != '"'
                    || !IN_QUOTES.matcher(value).matches()) {
                throw new IllegalArgumentException("in a JSONPath a setting stands alone in quotes, and says letters,"
                        + " digits, spaces and any of _@.:+-");
            }
            return value;
        });
        String wrong = JsonPaths.wrong(path);
        if (wrong != null) {
            refuse(at, wrong);
        }
        return path;
    }

    // ---------------------------------------------------------------- Endpoints

    /**
     * An endpoint, as it is called.
     *
     * @param values of parameters, as they were written
     * @param cells what Camel gets for them
     * @param places where each parameter stands in the file
     */
    private record Called(
            String component,
            String name,
            Map<String, String> values,
            Map<String, String> cells,
            Map<String, String> places) {
        String place(String parameter, String otherwise) {
            return places.getOrDefault(parameter, otherwise);
        }
    }

    private void to(JsonNode step, String at) {
        if (step.isObject()) {
            keys(step, at, Set.of("uri", "parameters"), "to");
            id(step, at);
        }
        Called to = called(step, at, false);
        if (to == null) {
            return;
        }
        if (to.component.equals("direct")) {
            directs.put(to.name, at);
        } else if (to.component.equals("timer")) {
            refuse(at, "a timer can only stand in from");
        }
        endpoint(to);
    }

    private void endpoint(Called called) {
        lined.key("uri").text(called.component + ":" + called.name);
        if (!called.cells.isEmpty()) {
            lined.key("parameters").open('{');
            called.cells.forEach((parameter, cell) -> lined.key(parameter).text(cell));
            lined.close('}');
        }
    }

    private @Nullable Called called(JsonNode holder, String at, boolean source) {
        String where = holder.has("uri") ? at + "/uri" : at;
        if (holder.isObject() && !holder.has("uri")) {
            refuse(at, "a uri is needed here, as kamelet:<name>; its component is one of " + COMPONENTS);
            return null;
        }
        String[] parts =
                value(holder.isObject() ? holder.path("uri") : holder, where).split("\\?", 2);
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
        Map<String, JsonNode> given = new LinkedHashMap<>();
        Map<String, String> places = new HashMap<>();
        if (parts.length == 2) {
            for (String pair : parts[1].split("&", -1)) {
                String[] sides = pair.split("=", 2);
                if (sides.length < 2 || !INLINE.matcher(sides[1]).matches()) {
                    refuse(where, "write " + sides[0] + " under 'parameters:', where it may have any characters");
                } else if (given.put(sides[0], TextNode.valueOf(sides[1])) != null) {
                    refuse(where, sides[0] + " is there twice");
                }
                places.put(sides[0], where);
            }
        }
        JsonNode parameters = holder.path("parameters");
        if (!parameters.isMissingNode() && !parameters.isObject()) {
            refuse(at + "/parameters", "parameters cannot be that");
        }
        parameters.properties().forEach(parameter -> {
            String place = at + "/parameters/" + YamlText.escaped(parameter.getKey());
            if (given.put(parameter.getKey(), parameter.getValue()) != null) {
                refuse(place, parameter.getKey() + " is there twice");
            }
            places.put(parameter.getKey(), place);
        });
        String parameter = Objects.requireNonNull(NAMES.get(component));
        JsonNode named = given.remove(parameter);
        if (named != null) {
            String place = Objects.requireNonNull(places.get(parameter));
            String says = value(named, place);
            if (!name.isEmpty() && !name.equals(says)) {
                refuse(place, parameter + " is " + says + ", and the URI says " + name);
            }
            name = says;
        }
        Called called = new Called(component, name, new LinkedHashMap<>(), new LinkedHashMap<>(), places);
        if (component.equals("kamelet")) {
            kamelet(called, given, where, source);
        } else {
            options(called, given, where);
        }
        return called;
    }

    private void options(Called called, Map<String, JsonNode> given, String where) {
        Map<String, String> options = Objects.requireNonNull(OPTIONS.get(called.component));
        given.forEach((option, node) -> {
            String place = called.place(option, where);
            String pattern = options.get(option);
            String value = value(node, place);
            if (pattern == null) {
                refuse(
                        place,
                        called.component + " has no parameter " + option + " here"
                                + (options.isEmpty() ? "" : "; it has " + new TreeSet<>(options.keySet())));
            } else if (!value.matches(pattern)) {
                refuse(place, option + " of " + called.component + " is like " + pattern);
            }
            called.cells.put(option, value);
        });
        if (!called.name.matches(WORD)) {
            refuse(where, called.component + " needs a plain name, as in " + called.component + ":name");
        }
    }

    // ---------------------------------------------------------------- Kamelets

    private void kamelet(Called called, Map<String, JsonNode> given, String where, boolean source) {
        parts += PARTS_OF_A_KAMELET;
        String name = called.name;
        Kamelets.Kamelet kamelet = terms.kamelets().named(name);
        if (kamelet == null) {
            refuse(
                    where,
                    "there is no Kamelet " + name + " for routes; there are "
                            + terms.kamelets().names(source));
            return;
        }
        if (kamelet.source() != source) {
            refuse(where, name + (source ? " is no source of messages" : " can only stand in from"));
            return;
        }
        given.forEach((parameter, node) -> {
            String place = called.place(parameter, where);
            Kamelets.Parameter known = kamelet.parameters().get(parameter);
            if (known == null) {
                refuse(
                        place,
                        name + " has no parameter " + parameter + "; it has "
                                + kamelet.parameters().keySet());
            } else {
                parameter(called, parameter, known, node, place);
            }
        });
        for (String required : kamelet.required()) {
            if (!given.containsKey(required)) {
                refuse(where, name + " needs the parameter " + required);
            }
        }
        if (given.containsKey("app") && given.containsKey("method")) {
            method(called, where);
        }
    }

    private void parameter(Called called, String parameter, Kamelets.Parameter known, JsonNode node, String place) {
        if (node.isContainerNode() || node.isNull()) {
            refuse(place, parameter + " of " + called.name + " " + known.wrong(node));
            return;
        }
        String says;
        String cell;
        if (known.filledIn()) {
            says = simple(node.asText(), place, false);
            cell = cells.put(Cells.Kind.FILLED_IN, says);
            tryOut(cell, place, false);
        } else {
            says = resolved(node.asText(), place, false, (value, text, from, to) -> value);
            cell = cells.put(Cells.Kind.TEXT, says);
        }
        called.values.put(parameter, says);
        called.cells.put(parameter, cell);
        if (says.contains("${") && known.filledIn()) {
            return;
        }
        String wrong = known.wrong(TextNode.valueOf(says));
        if (wrong == null) {
            wrong = wrong(known.format(), says);
        }
        if (wrong != null) {
            refuse(place, parameter + " of " + called.name + ": " + wrong);
        }
    }

    /** Says why a value does not have its format; null where it does. */
    private @Nullable String wrong(String format, String says) {
        try {
            switch (format) {
                case "duration" -> YamlState.kept(says);
                case "jsonpath" -> {
                    return JsonPaths.wrong(says);
                }
                case "jsonpaths" -> {
                    for (String path : Messages.paths(says)) {
                        String wrong = JsonPaths.wrong(path);
                        if (wrong != null) {
                            return wrong;
                        }
                    }
                }
                case "secret" -> {
                    if (!says.isEmpty()) {
                        terms.granted().secret(says);
                    }
                }
                case "time-of-day" -> LocalTime.parse(says);
                case "topic" -> terms.granted().topic(says);
                case "uri" -> {
                    Webhooks.address(says);
                }
                case "words" -> Messages.words(says);
                case "zone" -> ZoneId.of(says);
                default -> {}
            }
            return null;
        } catch (IllegalArgumentException | DateTimeException e) {
            return e.getMessage();
        }
    }

    /** Before the first thing that is filled in stands what has to be granted. */
    private void method(Called called, String where) {
        String app = called.values.getOrDefault("app", "");
        String method = called.values.getOrDefault("method", "");
        int filled = method.indexOf("${");
        try {
            if (filled < 0) {
                terms.granted().method(app, method);
            } else {
                terms.granted().methodsOf(app, method.substring(0, filled));
            }
        } catch (IllegalArgumentException e) {
            refuse(called.place("method", where), String.valueOf(e.getMessage()));
        }
    }

    private static SortedSet<String> stepNames() {
        SortedSet<String> names = new TreeSet<>(STEPS.keySet());
        names.removeAll(Set.of("when", "otherwise"));
        names.add("to");
        return names;
    }

    private static String names(JsonNode item) {
        String names = String.join(", ", (Iterable<String>) item::fieldNames);
        return names.isEmpty() ? "this" : names;
    }
}
