package dev.sandglass.support.yaml.room;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.component.properties.PropertiesLookup;
import org.apache.camel.component.properties.PropertiesParser;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of Kamelets, {@code {{name}}}, and no other placeholders: no functions, defaults, environment, system properties,
 * settings; what takes a placeholder's place is not read again.
 */
final class Placeholders implements PropertiesParser {
    private static final Pattern PARAMETER = Pattern.compile("\\{\\{(\\?)?([A-Za-z][A-Za-z0-9]*)}}");

    private final PropertiesComponent properties;

    Placeholders(PropertiesComponent properties) {
        this.properties = properties;
    }

    static void in(PropertiesComponent properties) {
        properties.setPropertiesParser(new Placeholders(properties));
        properties.setAutoDiscoverPropertiesSources(false);
        properties.setSystemPropertiesMode(PropertiesComponent.SYSTEM_PROPERTIES_MODE_NEVER);
        properties.setEnvironmentVariableMode(PropertiesComponent.ENVIRONMENT_VARIABLES_MODE_NEVER);
    }

    @Override
    public String parseUri(
            String text, PropertiesLookup lookup, boolean fallback, boolean keepOptional, boolean nested) {
        Matcher parameter = PARAMETER.matcher(text);
        StringBuilder parsed = new StringBuilder();
        int done = 0;
        while (parameter.find()) {
            parsed.append(text, done, parameter.start());
            String value = value(parameter.group(2));
            if (value != null) {
                parsed.append(value);
            } else if (parameter.group(1) == null) {
                throw new IllegalArgumentException("there is no parameter " + parameter.group(2) + " for " + text);
            }
            done = parameter.end();
        }
        String rest = text.substring(done);
        if (rest.contains("{{")) {
            throw new IllegalArgumentException("only a Kamelet's parameters may stand in {{ }}: " + rest);
        }
        return parsed.append(rest).toString();
    }

    private @Nullable String value(String name) {
        return properties.getLocalProperties() == null
                ? null
                : properties.getLocalProperties().getProperty(name);
    }

    @Override
    public String parseProperty(String key, String value, PropertiesLookup lookup) {
        return value;
    }
}
