package dev.sandglass.task.domain.dav;

import java.util.Map;
import javax.xml.XMLConstants;
import javax.xml.namespace.QName;

/** The names of WebDAV and CalDAV that this server knows. */
public final class DavNames {
    public static final String DAV = "DAV:";
    public static final String CAL = "urn:ietf:params:xml:ns:caldav";
    public static final String SERVER = "http://calendarserver.org/ns/";
    public static final String APPLE = "http://apple.com/ns/ical/";

    /** The prefixes that every answer declares; xml is bound for good, to what no other may be bound to. */
    public static final Map<String, String> PREFIXES =
            Map.of(DAV, "D", CAL, "C", SERVER, "S", APPLE, "A", XMLConstants.XML_NS_URI, XMLConstants.XML_NS_PREFIX);

    public static final QName DISPLAY_NAME = new QName(DAV, "displayname");
    public static final QName TYPE = new QName(DAV, "resourcetype");
    public static final QName COLLECTION = new QName(DAV, "collection");
    public static final QName CALENDAR = new QName(CAL, "calendar");
    public static final QName OWNER = new QName(DAV, "owner");
    public static final QName CURRENT_PRINCIPAL = new QName(DAV, "current-user-principal");
    public static final QName PRINCIPAL_URL = new QName(DAV, "principal-URL");
    public static final QName PRIVILEGES = new QName(DAV, "current-user-privilege-set");
    public static final QName REPORTS = new QName(DAV, "supported-report-set");
    public static final QName SYNC_TOKEN = new QName(DAV, "sync-token");
    public static final QName ETAG = new QName(DAV, "getetag");
    public static final QName CONTENT_TYPE = new QName(DAV, "getcontenttype");
    public static final QName MODIFIED = new QName(DAV, "getlastmodified");
    public static final QName CREATED = new QName(DAV, "creationdate");
    public static final QName HOME_SET = new QName(CAL, "calendar-home-set");
    public static final QName ADDRESSES = new QName(CAL, "calendar-user-address-set");
    public static final QName COMPONENTS = new QName(CAL, "supported-calendar-component-set");
    public static final QName DATA_TYPES = new QName(CAL, "supported-calendar-data");
    public static final QName LARGEST = new QName(CAL, "max-resource-size");
    public static final QName CALENDAR_DATA = new QName(CAL, "calendar-data");
    public static final QName CTAG = new QName(SERVER, "getctag");
    public static final QName COLOR = new QName(APPLE, "calendar-color");
    public static final QName ORDER = new QName(APPLE, "calendar-order");

    public static final QName PROPFIND = new QName(DAV, "propfind");
    public static final QName PROP = new QName(DAV, "prop");
    public static final QName ALLPROP = new QName(DAV, "allprop");
    public static final QName PROPNAME = new QName(DAV, "propname");
    public static final QName INCLUDE = new QName(DAV, "include");
    public static final QName HREF = new QName(DAV, "href");
    public static final QName UPDATE = new QName(DAV, "propertyupdate");
    public static final QName SET = new QName(DAV, "set");
    public static final QName REMOVE = new QName(DAV, "remove");
    public static final QName MKCOL = new QName(DAV, "mkcol");
    public static final QName MKCALENDAR = new QName(CAL, "mkcalendar");
    public static final QName SYNC = new QName(DAV, "sync-collection");
    public static final QName LIMIT = new QName(DAV, "limit");
    public static final QName MOST_RESULTS = new QName(DAV, "nresults");
    public static final QName QUERY = new QName(CAL, "calendar-query");
    public static final QName MULTIGET = new QName(CAL, "calendar-multiget");
    public static final QName FILTER = new QName(CAL, "filter");
    public static final QName COMPONENT_FILTER = new QName(CAL, "comp-filter");
    public static final QName PROPERTY_FILTER = new QName(CAL, "prop-filter");
    public static final QName PARAMETER_FILTER = new QName(CAL, "param-filter");
    public static final QName NOT_DEFINED = new QName(CAL, "is-not-defined");
    public static final QName TEXT_MATCH = new QName(CAL, "text-match");
    public static final QName TIME_RANGE = new QName(CAL, "time-range");
    public static final QName COMPONENT = new QName(CAL, "comp");

    public static final QName VALID_DATA = new QName(CAL, "valid-calendar-data");
    public static final QName VALID_OBJECT = new QName(CAL, "valid-calendar-object-resource");
    public static final QName SUPPORTED_COLLATION = new QName(CAL, "supported-collation");
    public static final QName NEED_PRIVILEGES = new QName(DAV, "need-privileges");
    public static final QName VALID_FILTER = new QName(CAL, "supported-filter");
    public static final QName SUPPORTED_COMPONENT = new QName(CAL, "supported-calendar-component");
    public static final QName UID_CONFLICT = new QName(CAL, "no-uid-conflict");
    public static final QName TOO_LARGE = LARGEST;
    public static final QName VALID_TYPE = new QName(DAV, "valid-resourcetype");
    public static final QName LOCATION_OK = new QName(CAL, "calendar-collection-location-ok");
    public static final QName MUST_BE_NULL = new QName(DAV, "resource-must-be-null");
    public static final QName VALID_TOKEN = new QName(DAV, "valid-sync-token");
    public static final QName SUPPORTED_REPORT = new QName(DAV, "supported-report");
    public static final QName FINITE_DEPTH = new QName(DAV, "propfind-finite-depth");
    public static final QName WITHIN_LIMITS = new QName(DAV, "number-of-matches-within-limits");
    public static final QName PROTECTED = new QName(DAV, "cannot-modify-protected-property");

    private DavNames() {}
}
