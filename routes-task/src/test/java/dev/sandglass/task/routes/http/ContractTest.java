package dev.sandglass.task.routes.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.task.domain.Head;
import dev.sandglass.task.domain.SavedFilters;
import dev.sandglass.task.domain.TaskFields;
import dev.sandglass.task.domain.finding.Finding;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("FR-012")
class ContractTest {
    private static final JsonNode DOCUMENT = Json.read(new Contract().json().toString(), JsonNode.class);
    private final Contract contract = new Contract();

    @Test
    void theDocumentIsInMemoryOnceHoweverManyReadIt() {
        assertSame(contract.json(), contract.json());
        assertTrue(contract.json().getByteBuf().isDirect());
    }

    /** The schemas of tasks, lists and changes are those of the events, and stand in files of their own. */
    @Test
    void theDocumentIsWhole() {
        List<String> references = DOCUMENT.findValuesAsText("$ref");
        assertTrue(references.contains("#/components/schemas/Task"));
        references.forEach(to ->
                assertTrue(to.startsWith("#/") && DOCUMENT.at(to.substring(1)).isObject(), to));
        assertEquals(
                "date-time",
                DOCUMENT.at("/components/schemas/Task/properties/createdAt/format")
                        .asText());
    }

    /** In a plain scalar of YAML a comma may end a description, and what follows it becomes a word of its own. */
    @Test
    void noWordIsWithoutAValue() {
        assertEquals(List.of(), withoutValue(DOCUMENT).toList());
    }

    private static Stream<String> withoutValue(JsonNode node) {
        Stream<String> here = node.properties().stream()
                .filter(field -> field.getValue().isNull())
                .map(Map.Entry::getKey);
        Stream<JsonNode> inside = node.isArray()
                ? node.valueStream()
                : node.properties().stream()
                        // An example may have a field that is null.
                        .filter(field -> !field.getKey().equals("examples"))
                        .map(Map.Entry::getValue);
        return Stream.concat(here, inside.flatMap(ContractTest::withoutValue));
    }

    @Test
    void onlySigningInDescriptionsAndPrivateLinksNeedNoToken() {
        assertEquals(
                List.of("devToken", "getConfig", "openapi", "protectedResource", "readFeed"),
                contract.operations().stream()
                        .filter(Operation::open)
                        .map(Operation::id)
                        .sorted()
                        .toList());
    }

    @Test
    void everyPostPatchAndDeleteTakesAnIdempotencyKey() {
        contract.operations().stream()
                .filter(operation -> List.of("POST", "PATCH", "DELETE").contains(operation.method()))
                .forEach(operation -> assertTrue(operation.find("header", "Idempotency-Key") != null, operation.id()));
    }

    @Test
    void noBodyTakesUnknownFields() {
        contract.operations().stream()
                .filter(operation ->
                        operation.body() != null && !operation.takes().contains("text/calendar"))
                .forEach(operation -> assertFalse(
                        operation.body().validate(Json.object().put("nope", 1)).stream()
                                .filter(message -> message.getType().equals("additionalProperties"))
                                .toList()
                                .isEmpty(),
                        operation.id()));
    }

    @Test
    void examplesAreWhatTheyShow() {
        Map<String, String> bodies = Map.of("NewTask", "createTask", "TaskPatch", "changeTask");
        bodies.forEach((schema, operation) -> {
            JsonNode examples = DOCUMENT.at("/components/schemas/" + schema + "/examples");
            assertFalse(examples.isEmpty(), schema);
            examples.forEach(example -> assertEquals(
                    List.of(), List.copyOf(contract.operation(operation).body().validate(example))));
        });
    }

    /** What comes in by other ways, a file, a sentence, CalDAV, is brought within the limits to which the API holds a body. */
    @Test
    void theLimitsOfDecisionsAreThoseOfTheContract() {
        Map<String, Integer> ofTasks = Map.of(
                "title/maxLength", TaskFields.LONGEST_TITLE,
                "description/maxLength", TaskFields.LONGEST_DESCRIPTION,
                "tags/maxItems", TaskFields.MOST_TAGS,
                "tags/items/maxLength", TaskFields.LONGEST_TAG,
                "recurrence/maxLength", TaskFields.LONGEST_RULE,
                "reminders/maxItems", TaskFields.MOST_REMINDERS,
                "reminders/items/maxLength", TaskFields.LONGEST_REMINDER);
        Map<String, Integer> ofLists = Map.of(
                "name/maxLength", Head.LONGEST_NAME,
                "reminders/maxItems", TaskFields.MOST_REMINDERS,
                "reminders/items/maxLength", TaskFields.LONGEST_REMINDER);
        Map.of(
                        "NewTask",
                        ofTasks,
                        "TaskPatch",
                        ofTasks,
                        "NewList",
                        Map.of("name/maxLength", Head.LONGEST_NAME),
                        "ListPatch",
                        ofLists,
                        "NewFilter",
                        Map.of("name/maxLength", SavedFilters.LONGEST_NAME),
                        "FilterPatch",
                        Map.of("name/maxLength", SavedFilters.LONGEST_NAME))
                .forEach((schema, limits) -> limits.forEach((place, limit) -> assertEquals(
                        limit,
                        DOCUMENT.at("/components/schemas/" + schema + "/properties/" + place)
                                .asInt(),
                        schema + " " + place)));
        assertEquals(
                Finding.MOST,
                DOCUMENT.at("/components/parameters/Limit/schema/maximum").asInt());
    }
}
