import { mount } from 'svelte';
import Overlay from './Overlay.svelte';
import { connect } from './ipc/connect';
import './style/index.css';

void connect().then((client) => mount(Overlay, { target: document.body, props: { client } }));
