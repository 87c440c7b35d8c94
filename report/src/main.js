// SPDX-License-Identifier: Apache-2.0
import { mount } from 'svelte';
import App from './App.svelte';
import './page.css';
import 'uplot/dist/uPlot.min.css';

const target = document.getElementById('page');
target.textContent = '';
mount(App, { target, props: { data: JSON.parse(document.getElementById('data').textContent) } });
