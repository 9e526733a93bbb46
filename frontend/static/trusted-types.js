// Text becomes markup or a script's address in one way only, this one (Trusted Types; the content policy demands it).
// Our pages are made of nodes and need none of it. Leaflet writes its buttons and its credits as text, and the map
// fetches further scripts of ours; this admits just that, and everything else throws.
if (window.trustedTypes) {
    const name = '(?:svg|path|span|a)';
    const attribute = ' (?:aria-hidden|class|d|fill|height|href|title|viewBox|width|xmlns)="[^"<>]*"';
    const tag = new RegExp(`</?${name}(?:${attribute})*/?>`, 'g');
    // A link may lead to the web and nowhere else.
    const link = / href="(?!https:\/\/)/;
    const isPlain = text => !/[<>]/.test(text.replace(tag, '')) && !link.test(text);
    // What pages hand over to the browser lies in them as base64; a page that rearranges itself moves it along.
    const isData = (text, sink) => sink === 'HTMLScriptElement text' && /^[A-Za-z0-9+/=,]*$/.test(text);
    trustedTypes.createPolicy('default', {
        // The parser makes a document that runs and fetches nothing; only its words are read.
        createHTML: (text, type, sink) => sink === 'DOMParser parseFromString' || isPlain(text) ? text : null,
        createScript: (text, type, sink) => isData(text, sink) ? text : null,
        createScriptURL: address => new URL(address, document.baseURI).origin === location.origin ? address : null,
    });
}
