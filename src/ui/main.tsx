import { render } from 'preact';
import { App } from './app.js';
import { guardDraft } from './views/new-task-draft.js';
import './styles/all.css';

guardDraft();
const root = document.getElementById('app');
if (root) render(<App />, root);
