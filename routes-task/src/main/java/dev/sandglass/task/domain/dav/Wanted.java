package dev.sandglass.task.domain.dav;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.xml.namespace.QName;

/**
 * The properties that a request asks for.
 *
 * @param names those named; empty where it names none
 * @param all whether those of WebDAV itself are asked for too
 * @param namesOnly whether values are left out
 */
public record Wanted(Set<QName> names, boolean all, boolean namesOnly) {
    /** Properties that an allprop gives: those of RFC 4918 (RFC 4791 section 5.2). */
    private static final Set<QName> USUAL = Set.of(
            DavNames.CREATED,
            DavNames.DISPLAY_NAME,
            DavNames.CONTENT_TYPE,
            DavNames.ETAG,
            DavNames.MODIFIED,
            DavNames.TYPE);

    /** Reads the body of a PROPFIND: without one it is an allprop. */
    static Wanted of(Optional<Element> body) {
        if (body.isEmpty()) {
            return new Wanted(Set.of(), true, false);
        }
        if (!body.get().is(DavNames.PROPFIND)) {
            throw Element.unreadable("The body of a PROPFIND is a DAV:propfind");
        }
        return in(body.get());
    }

    /** In a PROPFIND or a REPORT. */
    static Wanted in(Element asked) {
        Set<QName> names = new LinkedHashSet<>();
        asked.children(DavNames.PROP)
                .flatMap(prop -> prop.children().stream())
                .map(Element::name)
                .forEach(names::add);
        asked.children(DavNames.INCLUDE)
                .flatMap(include -> include.children().stream())
                .map(Element::name)
                .forEach(names::add);
        return new Wanted(
                names,
                asked.child(DavNames.ALLPROP).isPresent(),
                asked.child(DavNames.PROPNAME).isPresent());
    }

    public boolean asksFor(QName name) {
        return names.contains(name);
    }

    /** The properties to answer of a resource: those it has that are asked for, and all that are named, had or not. */
    List<QName> of(List<QName> there) {
        if (namesOnly) {
            return there;
        }
        Set<QName> wanted = new LinkedHashSet<>();
        if (all) {
            there.stream().filter(USUAL::contains).forEach(wanted::add);
        }
        wanted.addAll(names);
        return List.copyOf(wanted);
    }
}
