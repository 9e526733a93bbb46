// Shows what we tell a device, and opens its page. It lies below /assets/, where there is no page, so that a browser never lets
// it stand between a page and the server; and its content policy lets it fetch nothing at all.
const ELSE = { title: 'HelloMapper', body: 'There is something new for you.', path: '/account/notifications', tag: 'else' };

// Browsers demand that every message is shown, and what cannot be read is not shown as it is.
const read = data => {
    try {
        const said = data.json();
        return Object.keys(ELSE).every(name => typeof said[name] === 'string') ? said : ELSE;
    } catch {
        return ELSE;
    }
};

const open = async path => {
    const address = new URL(path, location.origin);
    if (address.origin !== location.origin) return;
    const pages = await clients.matchAll({ type: 'window', includeUncontrolled: true });
    const shown = pages.find(page => page.url === address.href);
    await (shown ? shown.focus() : clients.openWindow(address.href));
};

addEventListener('install', () => skipWaiting());

addEventListener('push', event => {
    const { title, body, path, tag } = read(event.data);
    event.waitUntil(registration.showNotification(title, { body, tag, data: path, lang: 'en-AU' }));
});

addEventListener('notificationclick', event => {
    event.notification.close();
    event.waitUntil(open(event.notification.data));
});
