package dev.sandglass.task.domain.dav;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.xml.namespace.QName;
import org.jspecify.annotations.Nullable;

/**
 * Properties that are to be set, or removed where the value is null, in their order.
 *
 * @param components those that a new list is to take, in capitals, separated by commas; null where it does not say
 * @param type of the collection that is to be made; empty where it does not say
 */
public record Update(
        Map<QName, @Nullable String> values, @Nullable String components, Set<QName> type) {

    /** Reads the body of a PROPPATCH. */
    public static Update patch(String body) {
        Element update = Element.read(body)
                .filter(it -> it.is(DavNames.UPDATE))
                .orElseThrow(() -> Element.unreadable("The body of a PROPPATCH is a DAV:propertyupdate"));
        return of(update);
    }

    /** Reads the body of a MKCALENDAR or a MKCOL (RFC 5689), which may have none. */
    public static Update make(String body) {
        return Element.read(body)
                .map(make -> {
                    if (!make.is(DavNames.MKCALENDAR) && !make.is(DavNames.MKCOL)) {
                        throw Element.unreadable("The body says with what properties a list is made");
                    }
                    return of(make);
                })
                .orElseGet(() -> new Update(Map.of(), null, Set.of()));
    }

    private static Update of(Element update) {
        Map<QName, @Nullable String> values = new LinkedHashMap<>();
        String components = null;
        Set<QName> type = new HashSet<>();
        for (Element action : update.children()) {
            boolean set = action.is(DavNames.SET);
            if (!set && !action.is(DavNames.REMOVE)) {
                continue;
            }
            for (Element property : action.children(DavNames.PROP)
                    .flatMap(prop -> prop.children().stream())
                    .toList()) {
                values.put(property.name(), set ? property.said() : null);
                if (property.is(DavNames.TYPE)) {
                    property.children().stream().map(Element::name).forEach(type::add);
                }
                if (property.is(DavNames.COMPONENTS)) {
                    components = String.join(
                            ",",
                            property.children(DavNames.COMPONENT)
                                    .flatMap(Update::name)
                                    .toList());
                }
            }
        }
        return new Update(values, components, type);
    }

    private static Stream<String> name(Element component) {
        return Optional.ofNullable(component.attribute("name")).stream();
    }

    public @Nullable String value(QName name) {
        return values.get(name);
    }
}
