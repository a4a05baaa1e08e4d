import { mount } from 'svelte';
import App from './App.svelte';
import { connect } from './ipc/connect';
import { watchCrowding } from './state/crowding';
import { Warifu } from './state/warifu.svelte';
import './style/index.css';

watchCrowding();
void connect().then((client) => mount(App, { target: document.body, props: { warifu: new Warifu(client) } }));
