package dev.sandglass.helm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Strict schemas for kubeconform, made without a download of their own: from the OpenAPI description in the Go module of Kubernetes and
 * the CRDs in that of Dapr, where {@code go mod download} has them. Where it has not, the tests are left out, and say so.
 */
final class KubernetesSchemas {
    private static final String KUBERNETES = "k8s.io/kubernetes@v1.34.4";
    private static final Set<String> INT_OR_STRING =
            Set.of("io.k8s.apimachinery.pkg.util.intstr.IntOrString", "io.k8s.apimachinery.pkg.api.resource.Quantity");
    private static Path made;

    private KubernetesSchemas() {}

    static synchronized Path folder() throws IOException, InterruptedException {
        if (made == null) {
            Path folder = Files.createDirectories(Path.of("target/schemas").toAbsolutePath());
            ofKubernetes(folder, module(KUBERNETES).resolve("api/openapi-spec/swagger.json"));
            String dapr = Files.readString(Tools.ROOT.resolve("dapr/VERSION")).strip();
            try (Stream<Path> crds =
                    Files.list(module("github.com/dapr/dapr@v" + dapr).resolve("charts/dapr/crds"))) {
                for (Path crd : crds.toList()) {
                    ofCrds(folder, Tools.documents(Files.readString(crd)));
                }
            }
            made = folder;
        }
        return made;
    }

    private static Path module(String module) throws IOException, InterruptedException {
        Path folder =
                Path.of(Tools.run(Tools.need("go"), "env", "GOMODCACHE").out().strip(), module);
        if (!Files.isDirectory(folder)) {
            Tools.leftOut(module + " is not downloaded (.ci/run does: go mod download)");
        }
        return folder;
    }

    private static void ofKubernetes(Path folder, Path description) throws IOException {
        JsonNode definitions = Client.JSON.readTree(description.toFile()).path("definitions");
        ObjectNode strict = Client.JSON.createObjectNode();
        for (Map.Entry<String, JsonNode> definition : definitions.properties()) {
            strict.set(definition.getKey(), strict(definition.getValue(), INT_OR_STRING.contains(definition.getKey())));
        }
        Files.writeString(
                folder.resolve("_definitions.json"),
                Client.JSON.createObjectNode().set("definitions", strict).toString());
        for (Map.Entry<String, JsonNode> definition : definitions.properties()) {
            JsonNode kinds = definition.getValue().path("x-kubernetes-group-version-kind");
            if (kinds.size() == 1) {
                write(
                        folder,
                        kinds.path(0).path("group").asText(),
                        kinds.path(0).path("version").asText(),
                        kinds.path(0).path("kind").asText(),
                        (ObjectNode) strict.path(definition.getKey()));
            }
        }
    }

    private static void ofCrds(Path folder, List<JsonNode> crds) throws IOException {
        for (JsonNode crd : crds) {
            for (JsonNode version : crd.at("/spec/versions")) {
                ObjectNode schema = (ObjectNode) strict(version.at("/schema/openAPIV3Schema"), false);
                ((ObjectNode) schema.path("properties"))
                        .set("metadata", Client.JSON.createObjectNode().put("type", "object"));
                write(
                        folder,
                        crd.at("/spec/group").asText(),
                        version.path("name").asText(),
                        crd.at("/spec/names/kind").asText(),
                        schema);
            }
        }
    }

    private static void write(Path folder, String group, String version, String kind, ObjectNode schema)
            throws IOException {
        Files.writeString(
                folder.resolve("%s_%s_%s.json"
                        .formatted(group.isEmpty() ? version : group, version, kind.toLowerCase(Locale.ROOT))),
                schema.toString());
    }

    /** Objects with listed properties take no others. */
    private static JsonNode strict(JsonNode schema, boolean intOrString) {
        if (schema instanceof ArrayNode array) {
            ArrayNode all = Client.JSON.createArrayNode();
            array.forEach(it -> all.add(strict(it, false)));
            return all;
        }
        if (!schema.isObject()) {
            return schema;
        }
        ObjectNode strict = Client.JSON.createObjectNode();
        if (intOrString
                || schema.path("x-kubernetes-int-or-string").asBoolean()
                || schema.path("format").asText().equals("int-or-string")) {
            strict.putArray("type").add("string").add("integer").add("number");
            return strict;
        }
        if (schema.path("$ref").isTextual()) {
            return strict.put(
                    "$ref",
                    "_definitions.json#/definitions/"
                            + schema.path("$ref").asText().replaceFirst("^#/definitions/", ""));
        }
        for (String kept : List.of(
                "type",
                "required",
                "enum",
                "items",
                "additionalProperties",
                "oneOf",
                "anyOf",
                "allOf",
                "not",
                "pattern",
                "minimum",
                "maximum")) {
            if (schema.has(kept)) {
                strict.set(
                        kept,
                        kept.equals("required") || kept.equals("enum")
                                ? schema.path(kept)
                                : strict(schema.path(kept), false));
            }
        }
        if (schema.path("properties").isObject()) {
            ObjectNode properties = strict.putObject("properties");
            schema.path("properties")
                    .properties()
                    .forEach(it -> properties.set(it.getKey(), strict(it.getValue(), false)));
            if (!strict.has("additionalProperties")
                    && !schema.path("x-kubernetes-preserve-unknown-fields").asBoolean()) {
                strict.put("additionalProperties", false);
            }
        }
        return strict;
    }
}
