// The pages run in the browser alone: the hub hands out files and answers the API.
export const ssr = false;
export const prerender = true;
export const trailingSlash = 'never';
