import { render } from 'preact';
import { App } from './app.js';
import './styles/all.css';

const root = document.getElementById('app');
if (root) render(<App />, root);
